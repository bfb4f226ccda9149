using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.DeviceManufacturing;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Metadata;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace LamassuAwsConnector.Tests.DeviceManufacturing;

/// <summary>A CA that is registered in AWS, a DMS that enrols at it, and devices that connect to AWS by themselves. Events reach the connector where a test wants that.</summary>
internal sealed class JitpStage : IAsyncDisposable
{
    public const string CA = "ca-1";
    public const string Dms = "dms-1";
    public const string Device = "meter-1";
    public const string DefaultRole = $"arn:aws:iam::{TestStage.Account}:role/JITPRole";

    private JitpStage(TestStage stage, string key) => (Stage, Key) = (stage, key);

    public TestStage Stage { get; }

    /// <summary>The metadata key of the DMS's settings.</summary>
    public string Key { get; }

    public bool IsDocumented => Key == LamassuJson.DocumentedKey;

    public JitpTemplateService Service => Stage.Stage.Connector.Services.GetRequiredService<JitpTemplateService>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<JitpStage> StartAsync(
        string key = LamassuJson.Lamassu3Key,
        bool registersCA = true,
        string policy = "test-policy",
        Action<IServiceCollection>? configure = null,
        Door door = Door.Http,
        params (string Key, string? Value)[] configuration)
    {
        var stage = new JitpStage(await TestStage.StartAsync(door, configure, configuration), key);
        await stage.Stage.Lamassu.CreateCAAsync(CA);
        if (registersCA)
        {
            await stage.RegisterCAAsync();
        }

        await stage.Stage.Lamassu.CreateDmsAsync(Dms, CA, LamassuJson.AutoDms(key, policy));
        await stage.Stage.ForgetCallsAsync();
        return stage;
    }

    public async Task RegisterCAAsync(string caId = CA)
    {
        using var response = await Stage.PostAsync(
            $"/v1/cas/{caId}/register-aws", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = true });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    public Task<HttpResponseMessage> PutAsync(JsonObject? members = null, string dms = Dms)
    {
        var body = members?.DeepClone().AsObject() ?? [];
        body["connector_id"] ??= TestStage.ConnectorId;
        return Stage.Connector.PutAsJsonAsync($"/v1/dms/{Uri.EscapeDataString(dms)}/jitp-template", body, Cancellation);
    }

    /// <summary>The answer to a PUT that has to succeed.</summary>
    public async Task<JsonObject> PutWellAsync(JsonObject? members = null, string dms = Dms)
    {
        using var response = await PutAsync(members, dms);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    public Task<HttpResponseMessage> DeleteAsync(string dms = Dms) => Stage.Connector.DeleteAsync($"/v1/dms/{dms}/jitp-template", Cancellation);

    public async Task<JsonObject> GetAsync(string dms = Dms) =>
        (await Stage.Connector.GetFromJsonAsync<JsonObject>($"/v1/dms/{dms}/jitp-template", Cancellation))!;

    public async Task<IReadOnlyList<string>> DriftAsync() => [.. (await GetAsync())["drift"]!.AsArray().Select(sentence => sentence!.GetValue<string>())];

    /// <summary>What an event of the DMS asks for.</summary>
    public async Task<EnsureJitpTemplateOutcome> EnsureAsync(string dmsId = Dms)
    {
        var services = Stage.Stage.Connector.Services;
        var dms = await services.GetRequiredService<LamassuClient>().GetDmsAsync(dmsId, Cancellation);
        var note = services.GetRequiredService<MetadataDialects>().Find(dms.Metadata, dmsId)!;
        return await Service.EnsureAsync(dms, DmsAwsSettings.Read(note, dmsId), Cancellation);
    }

    public JsonObject Settings(string dms = Dms) => Stage.Note(LamassuKind.Dms, dms)!;

    public JsonObject Jitp(string dms = Dms) => Settings(dms)[IsDocumented ? "jitp_provisioning_template" : "jitp_config"]!.AsObject();

    /// <summary>Changes what the DMS asks for, as somebody at a dashboard would.</summary>
    public void ChangeSettings(Action<JsonObject> change, string dmsId = Dms)
    {
        var dms = Stage.State.Find(LamassuKind.Dms, dmsId)!;
        change(dms["metadata"]![Key]!.AsObject());
        Stage.State.Store(LamassuKind.Dms, dms);
    }

    public async Task<DescribeProvisioningTemplateResponse?> TemplateAsync(string name = Dms)
    {
        try
        {
            return await Stage.IoT.DescribeProvisioningTemplateAsync(new DescribeProvisioningTemplateRequest { TemplateName = name }, Cancellation);
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
    }

    public async Task<JsonObject> BodyAsync(string name = Dms) => JsonNode.Parse((await TemplateAsync(name))!.TemplateBody)!.AsObject();

    /// <summary>The template that the CA names, and whether it takes in devices by itself.</summary>
    public async Task<(string? Template, string? AutoRegistration)> CAInAwsAsync(string caId = CA)
    {
        var found = await Stage.DescribeCACertificateAsync(Stage.CAId(caId));
        return (found?.RegistrationConfig?.TemplateName, found?.CertificateDescription.AutoRegistrationStatus.Value);
    }

    public async Task<IReadOnlyList<string>> OperationsAsync() => [.. (await Stage.AwsCallsAsync()).Select(call => call.Operation)];

    /// <summary>The device enrols in Lamassu; AWS knows nothing of it.</summary>
    /// <param name="subject">What its certificate's subject has beside the common name, e.g. <c>, O=Acme</c>.</param>
    public async Task<string> EnrolAsync(string device = Device, string subject = "", string dms = Dms)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = new CertificateRequest($"CN={device}{subject}", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        using var client = new HttpClient();
        using var content = new StringContent(Convert.ToBase64String(csr), Encoding.ASCII, "application/pkcs10");
        using var response = await client.PostAsync(
            new Uri(Stage.Stage.StandIns.Lamassu.DmsManagerUrl, $"/.well-known/est/{dms}/simpleenroll"), content, Cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
        await Stage.WhenQuietAsync();
        return Stage.CurrentSerial(device);
    }

    /// <summary>The device connects to AWS with its current certificate.</summary>
    public async Task<bool> ConnectAsync(string device = Device)
    {
        var certificate = Stage.State.Find(LamassuKind.Certificate, Stage.CurrentSerial(device))!["certificate"]!.GetValue<string>();
        var body = new JsonObject { ["client_id"] = device, ["certificate_pem"] = Encoding.UTF8.GetString(Convert.FromBase64String(certificate)) };
        using var client = new HttpClient();
        using var response = await client.PostAsJsonAsync(new Uri(Stage.Stage.StandIns.Aws.Url, "/_control/connect"), body, Cancellation);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["connected"]!.GetValue<bool>();
    }

    public ValueTask DisposeAsync() => Stage.DisposeAsync();
}
