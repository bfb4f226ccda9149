namespace LamassuAwsConnector.Api.Endpoints;

internal static class ApiRoutes
{
    /// <summary>Where all operations under <c>/v1</c> are mapped: what they are sent is checked before they see it.</summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("");
        api.AddEndpointFilterFactory(RequestValidation.Create);
        return api;
    }
}
