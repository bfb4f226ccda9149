namespace LamassuAwsConnector.Api.Problems;

internal static class ProblemServices
{
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        // Before the framework's own writer, which does not write where the request accepts something else.
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ConnectorExceptionHandler>();

        // In production a wrong parameter would be a 400 without a word.
        return services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }
}
