using System.Globalization;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox;

/// <summary>One call that reached the AWS stand-in.</summary>
internal sealed record ObservedCall(string Operation, string Path, string? Body, int Status, string? Error, double DurationMilliseconds);

/// <summary>The AWS stand-in's control API, as a person would use it with curl.</summary>
internal sealed class AwsControl(Uri aws) : IDisposable
{
    private readonly HttpClient client = new() { BaseAddress = new Uri(aws, "/_control/") };

    public async Task<IReadOnlyList<ObservedCall>> CallsAsync(CancellationToken cancellationToken)
    {
        var answer = await client.GetFromJsonAsync<JsonObject>("calls", cancellationToken);
        return
        [
            .. answer!["calls"]!.AsArray().Select(call => new ObservedCall(
                call!["operation"]!.GetValue<string>(),
                call["path"]!.GetValue<string>(),
                call["body"]?.GetValue<string>(),
                call["status"]!.GetValue<int>(),
                call["error"]?.GetValue<string>(),
                call["duration_ms"]!.GetValue<double>())),
        ];
    }

    /// <summary>All that the region holds.</summary>
    public async Task<JsonObject> StateAsync(string region, CancellationToken cancellationToken) =>
        (await client.GetFromJsonAsync<JsonObject>($"state?region={region}", cancellationToken))!;

    public Task ForgetCallsAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, "calls", body: null, cancellationToken);

    public Task ResetAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, "reset", [], cancellationToken);

    /// <summary>The switches of the command line.</summary>
    public async Task ApplyAsync(SandboxSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Latency > 0)
        {
            await SendAsync(HttpMethod.Put, "latency", new JsonObject { ["milliseconds"] = settings.Latency }, cancellationToken);
        }

        if (settings.Limits != "none" || settings.OperationLimits.Length > 0)
        {
            var operations = new JsonObject();
            foreach (var limit in settings.OperationLimits.Select(text => text.Split('=')))
            {
                operations[limit[0]] = int.Parse(limit[1], CultureInfo.InvariantCulture);
            }

            var body = new JsonObject { ["preset"] = settings.Limits, ["burst"] = settings.Burst, ["operations"] = operations };
            await SendAsync(HttpMethod.Put, "limits", body, cancellationToken);
        }

        foreach (var failure in settings.Failures.Select(text => text.Split(':')))
        {
            var body = new JsonObject { ["operation"] = failure[0], ["count"] = int.Parse(failure[1], CultureInfo.InvariantCulture), ["error"] = failure[2] };
            await SendAsync(HttpMethod.Post, "failures", body, cancellationToken);
        }

        foreach (var drop in settings.Drops.Select(text => text.Split(':')))
        {
            var body = new JsonObject { ["operation"] = drop[0], ["count"] = int.Parse(drop[1], CultureInfo.InvariantCulture) };
            await SendAsync(HttpMethod.Post, "drops", body, cancellationToken);
        }
    }

    /// <exception cref="InvalidOperationException">The stand-in refused; says why.</exception>
    public async Task SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await client.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The AWS stand-in refused {method} /_control/{path}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }
    }

    public void Dispose() => client.Dispose();
}
