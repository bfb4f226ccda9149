using System.Diagnostics;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using LamassuAwsConnector.Core.Telemetry;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>How a call is made: what is not there becomes null, every other failure ours.</summary>
internal sealed partial class IoTCore
{
    private static async Task<List<TItem>> ReadAsync<TItem>(IAsyncEnumerable<TItem> pages, CancellationToken cancellationToken)
    {
        var items = new List<TItem>();
        await foreach (var item in pages.WithCancellation(cancellationToken))
        {
            items.Add(item);
        }

        return items;
    }

    private static async Task<TResponse?> FindAsync<TResponse>(string subject, Func<Task<TResponse>> call, [CallerMemberName] string method = "")
        where TResponse : class
    {
        using var span = Span(Operation(method));
        try
        {
            return await call();
        }
        catch (AmazonServiceException exception) when (exception.ErrorCode == AwsErrorCodes.ResourceNotFound)
        {
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw Failed(span, AwsErrors.Translate(exception, Operation(method), subject));
        }
    }

    private static async Task<TResponse> CallAsync<TResponse>(string subject, Func<Task<TResponse>> call, [CallerMemberName] string method = "")
    {
        using var span = Span(Operation(method));
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw Failed(span, AwsErrors.Translate(exception, Operation(method), subject));
        }
    }

    private static Activity? Span(string operation) => ConnectorTelemetry.StartCall($"IoT.{operation}")?
        .SetTag("rpc.system", "aws-api").SetTag("rpc.service", "IoT").SetTag("rpc.method", operation);

    private static ConnectorException Failed(Activity? span, ConnectorException failure)
    {
        span?.SetStatus(ActivityStatusCode.Error, failure.Message).SetTag("error.type", failure.Code).SetTag("aws.request_id", failure.RequestId);
        return failure;
    }

    // Our methods are named as AWS's operations.
    private static string Operation(string method) => method[..^"Async".Length];
}
