using System.Diagnostics;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace LamassuAwsConnector.Core.Lamassu;

/// <summary>Counts and traces each attempt of a call. The trace's id goes along in <c>traceparent</c>, which the HTTP client writes from the span.</summary>
/// <param name="service"><c>ca</c>, <c>device-manager</c> or <c>dms-manager</c>.</param>
internal sealed class LamassuCalls(string service, ConnectorMetrics metrics, TimeProvider timeProvider) : DelegatingHandler
{
    private const string Health = "GetHealth";

    private static readonly HttpRequestOptionsKey<string> Method = new(HttpRequestMessageOptions.MethodName);

    /// <summary>One for each chain of handlers; to be added after the retries, so that each attempt passes it.</summary>
    public static Func<IServiceProvider, DelegatingHandler> Of(string service) =>
        provider => new LamassuCalls(service, provider.GetRequiredService<ConnectorMetrics>(), provider.GetRequiredService<TimeProvider>());

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var operation = Operation(request);

        // Health checks belong to nobody's trace.
        using var span = operation == Health ? null : ConnectorTelemetry.StartCall($"Lamassu.{operation}")?
            .SetTag("server.address", request.RequestUri?.Host)
            .SetTag("http.request.method", request.Method.Method)
            .SetTag("url.path", request.RequestUri?.AbsolutePath);
        var start = timeProvider.GetTimestamp();
        var result = ConnectorMetrics.Word(FailureKind.Unavailable);
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            result = Result((int)response.StatusCode);
            span?.SetTag("http.response.status_code", (int)response.StatusCode);
            return response;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller's or the time limit's: the two can't be told apart here.
            result = ConnectorTelemetry.Cancelled;
            throw;
        }
        finally
        {
            if (result != ConnectorTelemetry.Ok)
            {
                span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", result);
            }

            metrics.LamassuCalled(service, operation, result, timeProvider.GetElapsedTime(start));
        }
    }

    // GetCAAsync is GetCA: one name for each line of our interfaces.
    private static string Operation(HttpRequestMessage request) =>
        request.Options.TryGetValue(Method, out var method) && method.EndsWith("Async", StringComparison.Ordinal)
            ? method[..^"Async".Length]
            : request.Method.Method;

    private static string Result(int status) => status switch
    {
        < 400 => ConnectorTelemetry.Ok,
        401 or 403 => ConnectorMetrics.Word(FailureKind.Denied),
        404 => ConnectorTelemetry.NotFound,
        429 => ConnectorMetrics.Word(FailureKind.Throttled),
        >= 500 or 408 => ConnectorMetrics.Word(FailureKind.Unavailable),
        _ => ConnectorMetrics.Word(FailureKind.Invalid),
    };
}
