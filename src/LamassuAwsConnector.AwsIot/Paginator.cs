using Amazon.Runtime;

namespace LamassuAwsConnector.AwsIot;

/// <summary>Page after page until the token is null or empty; consumed once.</summary>
internal abstract class Paginator<TRequest, TResponse>(
    TRequest request,
    Func<TRequest, CancellationToken, Task<TResponse>> call,
    Action<TRequest, string> setToken,
    Func<TResponse, string> nextToken) : IPaginator<TResponse>
    where TRequest : AmazonWebServiceRequest
    where TResponse : AmazonWebServiceResponse
{
    private int used;

    public IPaginatedEnumerable<TResponse> Responses => new PaginatedResponse<TResponse>(this);

    public IAsyncEnumerable<TResponse> PaginateAsync(CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref used, 1) == 0
            ? PagesAsync(cancellationToken)
            : throw new InvalidOperationException("Paginator has already been consumed and cannot be reused. Please create a new instance.");

    private async IAsyncEnumerable<TResponse> PagesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string token;
        do
        {
            var page = await call(request, cancellationToken).ConfigureAwait(false);
            token = nextToken(page);
            setToken(request, token);
            yield return page;
        }
        while (!string.IsNullOrEmpty(token));
    }
}
