namespace LamassuAwsConnector.Api.Consumers;

internal static class EventHandlers
{
    public const string StatusOfCertificate = "certificate.status.update";

    private const string StatusOfCA = "ca.status.update";
    private const string StatusOfDevice = "device.status.update";
    private const string CAReissued = "ca.reissue";
    private const string CADeleted = "ca.delete";
    private const string DeviceDeleted = "device.delete";
    private const string DmsDeleted = "dms.delete";

    /// <summary>Which event leads where.</summary>
    public static IServiceCollection AddEventHandlers(this IServiceCollection services)
    {
        services.AddSingleton<DeviceEvents>();
        services.AddSingleton<DeviceShadowEvents>();
        services.AddSingleton<DeviceLifeEvents>();
        services.AddSingleton<CertificateAuthorityEvents>();
        services.AddSingleton<CertificateEvents>();
        services.AddSingleton<DmsEvents>();
        services.AddSingleton<FleetMessages>();
        return services.AddSingleton(provider =>
        {
            var devices = provider.GetRequiredService<DeviceEvents>();
            var deviceLife = provider.GetRequiredService<DeviceLifeEvents>();
            var cas = provider.GetRequiredService<CertificateAuthorityEvents>();
            var certificates = provider.GetRequiredService<CertificateEvents>();
            var dmss = provider.GetRequiredService<DmsEvents>();
            var fleet = provider.GetRequiredService<FleetMessages>();
            var handlers = new Dictionary<string, HandleEvent>(StringComparer.Ordinal)
            {
                ["ca.create"] = cas.OnCreated,
                ["ca.import"] = cas.OnCreated,
                ["ca.metadata.update"] = cas.OnUpdated,
                [StatusOfCA] = cas.OnStatusUpdated,
                [CAReissued] = cas.OnReissued,
                [CADeleted] = cas.OnDeleted,
                [StatusOfCertificate] = certificates.OnStatusUpdated,
                ["certificate.metadata.update"] = certificates.OnMetadataUpdated,
                ["device.metadata.update"] = provider.GetRequiredService<DeviceShadowEvents>().OnMetadataUpdated,
                [StatusOfDevice] = deviceLife.OnStatusUpdated,
                [DeviceDeleted] = deviceLife.OnDeleted,
                ["dms.create"] = dmss.OnCreated,
                ["dms.update"] = dmss.OnUpdated,
                ["dms.metadata.update"] = dmss.OnUpdated,
                [DmsDeleted] = dmss.OnDeleted,
                [FleetTypes.WalkDevices] = fleet.OnWalkDevices,
                [FleetTypes.WorkOnDevice] = fleet.OnWorkOnDevice,
                [FleetTypes.LeaveJitp] = fleet.OnLeaveJitp,
            };
            foreach (var type in DeviceEvents.BindTypes)
            {
                handlers[type] = devices.OnIdentityBound;
            }

            return new EventRoutes(
                handlers,
                triedWithoutEnd: [StatusOfCertificate, StatusOfCA, CADeleted],
                handledWhoeverCaused: [StatusOfCertificate, StatusOfCA, StatusOfDevice, CAReissued, CADeleted, DeviceDeleted, DmsDeleted]);
        });
    }
}
