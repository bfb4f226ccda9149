namespace LamassuAwsConnector.Api.Consumers;

internal static class EventHandlers
{
    /// <summary>Which event leads where.</summary>
    public static IServiceCollection AddEventHandlers(this IServiceCollection services)
    {
        services.AddSingleton<DeviceEvents>();
        services.AddSingleton<CertificateAuthorityEvents>();
        return services.AddSingleton(provider =>
        {
            var devices = provider.GetRequiredService<DeviceEvents>();
            var cas = provider.GetRequiredService<CertificateAuthorityEvents>();
            var handlers = new Dictionary<string, HandleEvent>(StringComparer.Ordinal)
            {
                ["ca.create"] = cas.OnCreated,
                ["ca.import"] = cas.OnCreated,
                ["ca.metadata.update"] = cas.OnUpdated,
            };
            foreach (var type in DeviceEvents.BindTypes)
            {
                handlers[type] = devices.OnIdentityBound;
            }

            return new EventRoutes(handlers);
        });
    }
}
