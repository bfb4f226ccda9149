namespace LamassuAwsConnector.Api.Consumers;

internal static class EventHandlers
{
    private const string StatusOfCertificate = "certificate.status.update";

    /// <summary>Which event leads where.</summary>
    public static IServiceCollection AddEventHandlers(this IServiceCollection services)
    {
        services.AddSingleton<DeviceEvents>();
        services.AddSingleton<DeviceShadowEvents>();
        services.AddSingleton<CertificateAuthorityEvents>();
        services.AddSingleton<CertificateEvents>();
        return services.AddSingleton(provider =>
        {
            var devices = provider.GetRequiredService<DeviceEvents>();
            var cas = provider.GetRequiredService<CertificateAuthorityEvents>();
            var certificates = provider.GetRequiredService<CertificateEvents>();
            var handlers = new Dictionary<string, HandleEvent>(StringComparer.Ordinal)
            {
                ["ca.create"] = cas.OnCreated,
                ["ca.import"] = cas.OnCreated,
                ["ca.metadata.update"] = cas.OnUpdated,
                [StatusOfCertificate] = certificates.OnStatusUpdated,
                ["certificate.metadata.update"] = certificates.OnMetadataUpdated,
                ["device.metadata.update"] = provider.GetRequiredService<DeviceShadowEvents>().OnMetadataUpdated,
            };
            foreach (var type in DeviceEvents.BindTypes)
            {
                handlers[type] = devices.OnIdentityBound;
            }

            return new EventRoutes(handlers, triedWithoutEnd: [StatusOfCertificate]);
        });
    }
}
