using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Sandbox;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace LamassuAwsConnector.Tests.Contracts;

/// <summary>
/// A world in which each operation can succeed and fail. All CAs but <c>ca-2</c> are registered. DMS <c>dms-1</c> uses shadows,
/// <c>dms-2</c> does not, <c>dms-3</c> has no settings, <c>dms-4</c> has a JITP template, <c>dms-5</c> asks for one in the documented settings,
/// <c>dms-6</c> has a CA for itself. Devices
/// <c>meter-1</c> to <c>meter-3</c> are of the DMSs of their numbers, <c>meter-4</c> is one of <c>dms-1</c> that is registered.
/// </summary>
internal sealed class ApiStage : IAsyncDisposable
{
    private const string Nowhere = "http://127.0.0.1:1";

    private readonly FailingAws.Switch aws;
    private readonly Dictionary<string, RunningConnector> lost = new(StringComparer.Ordinal);

    private ApiStage(TestStage stage, ApiDocument document, FailingAws.Switch aws) => (Stage, Document, this.aws) = (stage, document, aws);

    public TestStage Stage { get; }

    public ApiDocument Document { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ApiStage> StartAsync()
    {
        var aws = new FailingAws.Switch();
        var stage = await TestStage.StartAsync(Door.Http, aws.Join);
        foreach (var ca in new[] { "ca-1", "ca-2", "ca-3", "ca-4" })
        {
            await stage.Lamassu.CreateCAAsync(ca);
        }

        var withShadow = LamassuJson.AutoDms(LamassuJson.Lamassu3Key);
        withShadow[LamassuJson.Lamassu3Key]!["shadow_config"] = new JsonObject { ["enable"] = true, ["shadow_name"] = "" };
        var leaving = LamassuJson.AutoDms(LamassuJson.DocumentedKey);
        leaving[LamassuJson.DocumentedKey]!["jitp_provisioning_template"] = new JsonObject { ["enable_template"] = true };
        await stage.Lamassu.CreateDmsAsync("dms-1", "ca-1", withShadow);
        await stage.Lamassu.CreateDmsAsync("dms-2", "ca-1", LamassuJson.AutoDms(LamassuJson.Lamassu3Key));
        await stage.Lamassu.CreateDmsAsync("dms-3", "ca-1", metadata: null);
        await stage.Lamassu.CreateDmsAsync("dms-4", "ca-3", LamassuJson.AutoDms(LamassuJson.Lamassu3Key));
        await stage.Lamassu.CreateDmsAsync("dms-5", "ca-2", leaving);
        await stage.Lamassu.CreateDmsAsync("dms-6", "ca-4", LamassuJson.AutoDms(LamassuJson.Lamassu3Key));
        foreach (var (device, dms) in new[] { ("meter-1", "dms-1"), ("meter-2", "dms-2"), ("meter-3", "dms-3"), ("meter-4", "dms-1") })
        {
            await stage.Lamassu.EnrollAsync(dms, device);
        }

        foreach (var ca in new[] { "ca-1", "ca-3", "ca-4" })
        {
            await PrepareAsync(HttpMethod.Post, $"/v1/cas/{ca}/register-aws", ("primary_account", true));
        }

        await PrepareAsync(HttpMethod.Post, "/v1/devices/meter-4/register-aws");
        await PrepareAsync(HttpMethod.Put, "/v1/dms/dms-4/jitp-template");
        await stage.WhenQuietAsync();
        return new ApiStage(stage, await ApiDocument.OfAsync(stage), aws);

        async Task PrepareAsync(HttpMethod method, string path, params (string Name, JsonNode? Value)[] members)
        {
            using var request = new HttpRequestMessage(method, path) { Content = Json(Body(members).ToJsonString()) };
            using var response = await stage.Connector.SendAsync(request, Cancellation);
            Assert.True(response.IsSuccessStatusCode, $"{path}: {await response.Content.ReadAsStringAsync(Cancellation)}");
        }
    }

    /// <summary>A body with this connector's id.</summary>
    public static JsonObject Body(params (string Name, JsonNode? Value)[] members)
    {
        var body = new JsonObject { ["connector_id"] = TestStage.ConnectorId };
        foreach (var (name, value) in members)
        {
            body[name] = value;
        }

        return body;
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>Every call to AWS ends so, until null.</summary>
    public void FailAws(FailureKind? kind) =>
        aws.Failure = kind is { } failure ? new ConnectorException(failure, "FromAws", FailureSource.Aws, "As the test says.") : null;

    /// <summary>Every call to Lamassu ends so, until null.</summary>
    public void FailLamassu(LamassuFault? fault)
    {
        Stage.Stage.StandIns.Lamassu.Faults.Clear();
        if (fault is not null)
        {
            Stage.Stage.StandIns.Lamassu.Faults.Add(fault with { Times = 1000 });
        }
    }

    /// <param name="address">Configuration of the address at which a connector beside the first finds nobody; it is the one that is asked. null: the first is.</param>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, string? authorization = null, string? address = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        if (address is null)
        {
            return await Stage.Connector.SendAsync(request, Cancellation);
        }

        if (!lost.TryGetValue(address, out var connector))
        {
            lost[address] = connector = await Stage.StartAnotherConnectorAsync((address, Nowhere));
        }

        request.RequestUri = new Uri(connector.Url, path);
        return await Stage.Connector.SendAsync(request, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connector in lost.Values)
        {
            await connector.DisposeAsync();
        }

        await Stage.DisposeAsync();
    }
}

/// <summary>AWS that fails as a whole, at once, in a way that is known: how each of its errors is sorted is tested elsewhere.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "The proxy derives from it when it runs.")]
internal class FailingAws : DispatchProxy
{
    private IIoTCore iot = null!;
    private Switch state = null!;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        state.Failure is { } failure ? throw failure : targetMethod!.Invoke(iot, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);

    internal sealed class Switch
    {
        public Exception? Failure { get; set; }

        public void Join(IServiceCollection services) => services.AddSingleton(provider =>
        {
            var proxy = Create<IIoTCore, FailingAws>();
            ((FailingAws)(object)proxy).iot = ActivatorUtilities.CreateInstance<IoTCore>(provider);
            ((FailingAws)(object)proxy).state = this;
            return proxy;
        });
    }
}
