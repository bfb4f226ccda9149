using System.Runtime.CompilerServices;
using Amazon.Runtime;

namespace LamassuAwsConnector.AwsIot;

/// <summary>Asks for page after page until the service returns no token. Each paginator is consumed once, as the official ones are.</summary>
internal abstract class Paginator<TRequest, TResponse>(
    TRequest request,
    Func<TRequest, CancellationToken, Task<TResponse>> call,
    Func<TResponse, string?> nextToken,
    Action<TRequest, string?> setToken) : IPaginator<TResponse>
{
    private int consumed;

    public IPaginatedEnumerable<TResponse> Responses => new PaginatedResponse<TResponse>(this);

    public async IAsyncEnumerable<TResponse> PaginateAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref consumed, 1) != 0)
        {
            throw new InvalidOperationException("Paginator has already been consumed and cannot be reused. Please create a new instance.");
        }

        string? token;
        do
        {
            var page = await call(request, cancellationToken).ConfigureAwait(false);
            token = nextToken(page);
            yield return page;
            cancellationToken.ThrowIfCancellationRequested();
            setToken(request, token);
        }
        while (!string.IsNullOrEmpty(token));
    }

    protected IPaginatedEnumerable<TItem> Items<TItem>(Func<TResponse, List<TItem>?> items) =>
        new PaginatedResultKeyResponse<TResponse, TItem>(this, page => items(page) ?? []);
}
