namespace LamassuAwsConnector.Api.Endpoints;

internal static class RouteProblems
{
    private static readonly int[] Everywhere =
        [StatusCodes.Status500InternalServerError, StatusCodes.Status502BadGateway, StatusCodes.Status503ServiceUnavailable];

    /// <summary>
    /// The problems that a route can answer with: those named, and those of every route behind which Lamassu or AWS may deny access or be away, as there
    /// is always something that nobody foresaw.
    /// </summary>
    public static void Problems(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses.Concat(Everywhere))
        {
            route.ProducesProblem(status);
        }
    }
}
