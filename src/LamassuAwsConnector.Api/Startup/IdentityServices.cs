namespace LamassuAwsConnector.Api.Startup;

internal static class IdentityServices
{
    public const string HealthCheck = "identity";

    public static IServiceCollection AddIdentityGate(this IServiceCollection services)
    {
        services.AddSingleton<IdentityGate>();
        services.AddSingleton<IdentityInquiry>();
        services.AddHostedService(provider => provider.GetRequiredService<IdentityInquiry>());
        services.AddHealthChecks().AddCheck<IdentityCheck>(HealthCheck);
        return services;
    }

    /// <summary>Requests that may write wait until the connector knows who it is. After their check: what is wrong with a request is said at once.</summary>
    public static RouteGroupBuilder BehindIdentityGate(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("");
        group.AddEndpointFilter(async (context, next) =>
        {
            if (!HttpMethods.IsGet(context.HttpContext.Request.Method))
            {
                await context.HttpContext.RequestServices.GetRequiredService<IdentityGate>().PassAsync(context.HttpContext.RequestAborted);
            }

            return await next(context);
        });
        return group;
    }
}
