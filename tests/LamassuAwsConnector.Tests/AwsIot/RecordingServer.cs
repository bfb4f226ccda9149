using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Tests.AwsIot;

/// <summary>A request as it came over the wire: path and query are raw, header names in lower case.</summary>
internal sealed record ReceivedRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body);

internal sealed record Answer(int Status, string Body = "", IReadOnlyDictionary<string, string>? Headers = null)
{
    public static Answer Error(int status, string code) =>
        new(status, $$"""{"message":"{{code}} it is"}""", new Dictionary<string, string> { ["x-amzn-errortype"] = code });
}

/// <summary>A loopback HTTP server that keeps what it receives and answers what it is told to.</summary>
internal sealed class RecordingServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<ReceivedRequest> requests = new();

    private RecordingServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(HandleAsync);
    }

    public Func<ReceivedRequest, CancellationToken, Task<Answer>> Respond { get; set; } = (_, _) => Task.FromResult(new Answer(200, "{}"));

    public string Url => app.Urls.Single();

    public IReadOnlyList<ReceivedRequest> Requests => [.. requests];

    public static async Task<RecordingServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new RecordingServer();
        await server.app.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Gives these answers in turn, the last one for ever.</summary>
    public void RespondWith(params Answer[] answers)
    {
        var next = 0;
        Respond = (_, _) => Task.FromResult(answers[Math.Min(Interlocked.Increment(ref next), answers.Length) - 1]);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        var request = new ReceivedRequest(
            context.Request.Method,
            target[0],
            target.Length > 1 ? target[1] : "",
            context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
            body.ToArray());
        requests.Enqueue(request);

        var answer = await Respond(request, context.RequestAborted);
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers ?? new Dictionary<string, string>())
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }
}
