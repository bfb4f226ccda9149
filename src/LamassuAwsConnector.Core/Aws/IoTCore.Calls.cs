using System.Runtime.CompilerServices;
using Amazon.Runtime;

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
            throw AwsErrors.Translate(exception, Operation(method), subject);
        }
    }

    private static async Task<TResponse> CallAsync<TResponse>(string subject, Func<Task<TResponse>> call, [CallerMemberName] string method = "")
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw AwsErrors.Translate(exception, Operation(method), subject);
        }
    }

    // Our methods are named as AWS's operations.
    private static string Operation(string method) => method[..^"Async".Length];
}
