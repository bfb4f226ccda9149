using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.CertificateAuthorities;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Configuration;
using LamassuAwsConnector.Core.DeviceManufacturing;
using LamassuAwsConnector.Core.Devices;
using LamassuAwsConnector.Core.DryRuns;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Metadata;
using LamassuAwsConnector.Core.Startup;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core;

public static class CoreServices
{
    /// <summary>All that the connector does, without its ways in. Expects the configuration under the keys of the YAML file.</summary>
    public static IServiceCollection AddConnectorCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddCheckedOptions<ConnectorOptions>("");
        services.AddLamassu();
        services.AddAwsIoT();
        services.AddHealth();
        services.AddIdentity();
        services.AddConnectorServices();
        services.AddService(provider => new ConnectorService(
            provider.Get<AwsAccount>(),
            provider.Get<IIoTCore>(),
            provider.Get<MetadataDialects>(),
            provider.Get<IOptions<ConnectorOptions>>(),
            provider.Get<IOptions<AwsOptions>>(),
            provider.Get<IOptions<HealthOptions>>(),
            provider.Get<TimeProvider>()));
        return services.AddService(provider => new DryRunner(provider));
    }

    /// <summary>The services, without the clients that they call.</summary>
    internal static void AddConnectorServices(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<ConnectorOptions>>().Value;
            return new MetadataDialects(options.ConnectorId, options.MetadataDialect);
        });
        services.AddSingleton<LamassuMemory>();
        services.AddCertificateAuthorities();
        services.AddCertificates();
        services.AddDevices();
        services.AddDeviceManufacturing();
    }

    private static void AddHealth(this IServiceCollection services)
    {
        services.AddCheckedOptions<HealthOptions>(HealthOptions.SectionName);
        services.AddService(provider => new LamassuHealth(
            provider.Get<LamassuClient>(), provider.Get<IOptions<HealthOptions>>(), provider.Get<TimeProvider>()));
        services.AddSingleton<AwsCredentialsProbe>();
    }

    private static void AddIdentity(this IServiceCollection services)
    {
        services.AddService(provider => new IdentityService(
            provider.Get<LamassuClient>(),
            provider.Get<MetadataDialects>(),
            provider.Get<AwsAccount>(),
            provider.Get<IIoTCore>(),
            provider.Get<IOptions<ConnectorOptions>>(),
            provider.Get<IOptions<AwsOptions>>()));
        services.AddService(provider => new IamPolicies(
            provider.Get<AwsAccount>(), provider.Get<IOptions<AwsOptions>>(), provider.Get<IOptions<HealthOptions>>(), provider.Get<TimeProvider>()));
    }

    private static void AddCertificateAuthorities(this IServiceCollection services)
    {
        services.AddSingleton<CARegistrationNotes>();
        services.AddSingleton<VerificationCertificates>();
        services.AddSingleton<CARegistrar>();
        services.AddSingleton<CAActivation>();
        services.AddService(provider => new CARegistrationService(
            provider.Get<LamassuClient>(),
            provider.Get<MetadataDialects>(),
            provider.Get<CARegistrationNotes>(),
            provider.Get<CARegistrar>(),
            provider.Get<CAActivation>(),
            provider.Get<CAStatusService>(),
            provider.Get<ILogger<CARegistrationService>>()));
        services.AddService(provider => new CARemovalService(
            provider.Get<LamassuClient>(),
            provider.Get<MetadataDialects>(),
            provider.Get<CARegistrationNotes>(),
            provider.Get<CARegistrar>(),
            provider.Get<IIoTCore>(),
            provider.Get<ILogger<CARemovalService>>()));
        services.AddService(provider => new CAViewService(
            provider.Get<LamassuClient>(), provider.Get<MetadataDialects>(), provider.Get<JitpTemplates>(), provider.Get<IIoTCore>()));
        services.AddService(provider => new CAReissueService(
            provider.Get<LamassuClient>(),
            provider.Get<MetadataDialects>(),
            provider.Get<CARegistrationNotes>(),
            provider.Get<CARegistrar>(),
            provider.Get<IIoTCore>(),
            provider.Get<ILogger<CAReissueService>>()));
        services.AddService(provider => new CAStatusService(
            provider.Get<LamassuClient>(), provider.Get<CAActivation>(), provider.Get<IIoTCore>()));
    }

    private static void AddCertificates(this IServiceCollection services)
    {
        services.AddSingleton<IssuingCAs>();
        services.AddService(provider => new CertificateStatusService(
            provider.Get<LamassuClient>(),
            provider.Get<MetadataDialects>(),
            provider.Get<CAStatusService>(),
            provider.Get<IssuingCAs>(),
            provider.Get<DeviceIdentities>(),
            provider.Get<DeviceShutOut>(),
            provider.Get<ThingRegistrationService>(),
            provider.Get<IIoTCore>(),
            provider.Get<ILogger<CertificateStatusService>>()));
    }

    private static void AddDevices(this IServiceCollection services)
    {
        services.AddSingleton<ThingProvisioning>();
        services.AddSingleton<EarlierCertificates>();
        services.AddSingleton<DeviceNotes>();
        services.AddSingleton<ThingShadows>();
        services.AddSingleton<DeviceIdentities>();
        services.AddSingleton<DeviceShutOut>();
        services.AddService(provider => new ThingRegistrationService(
            provider.Get<LamassuClient>(),
            provider.Get<LamassuMemory>(),
            provider.Get<MetadataDialects>(),
            provider.Get<ThingProvisioning>(),
            provider.Get<EarlierCertificates>(),
            provider.Get<DeviceNotes>(),
            provider.Get<IIoTCore>(),
            provider.Get<ConnectorMetrics>(),
            provider.Get<TimeProvider>(),
            provider.Get<ILogger<ThingRegistrationService>>()));
        services.AddService(provider => new DeviceShadowService(
            provider.Get<LamassuClient>(),
            provider.Get<LamassuMemory>(),
            provider.Get<MetadataDialects>(),
            provider.Get<ThingShadows>(),
            provider.Get<IIoTCore>(),
            provider.Get<ILogger<DeviceShadowService>>()));
        services.AddService(provider => new DeviceViewService(
            provider.Get<LamassuClient>(), provider.Get<LamassuMemory>(), provider.Get<MetadataDialects>(), provider.Get<IIoTCore>()));
        services.AddService(provider => new RenewalService(
            provider.Get<LamassuClient>(), provider.Get<DeviceIdentities>(), provider.Get<DeviceShadowService>()));
        services.AddService(provider => new TrustAnchorService(provider.Get<LamassuClient>(), provider.Get<DeviceShadowService>()));
        services.AddService(provider => new DeviceEndOfLifeService(
            provider.Get<LamassuClient>(),
            provider.Get<MetadataDialects>(),
            provider.Get<CertificateStatusService>(),
            provider.Get<ThingShadows>(),
            provider.Get<IIoTCore>(),
            provider.Get<TimeProvider>(),
            provider.Get<ILogger<DeviceEndOfLifeService>>()));
    }

    private static void AddDeviceManufacturing(this IServiceCollection services)
    {
        services.AddSingleton<DmsResources>();
        services.AddSingleton<DmsSettingsWriter>();
        services.AddSingleton<JitpTemplates>();
        services.AddSingleton<JitpAuthorities>();
        services.AddService(provider => new JitpTemplateService(
            provider.Get<LamassuClient>(),
            provider.Get<MetadataDialects>(),
            provider.Get<DmsSettingsWriter>(),
            provider.Get<DmsResources>(),
            provider.Get<JitpTemplates>(),
            provider.Get<JitpAuthorities>(),
            provider.Get<IFleetSender>(),
            provider.Get<IIoTCore>(),
            provider.Get<AwsAccount>(),
            provider.Get<TimeProvider>(),
            provider.Get<IOptions<AwsOptions>>(),
            provider.Get<IOptions<ConnectorOptions>>(),
            provider.Get<ILogger<JitpTemplateService>>()));
        services.AddService(provider => new DmsService(
            provider.Get<LamassuClient>(),
            provider.Get<LamassuMemory>(),
            provider.Get<MetadataDialects>(),
            provider.Get<DmsResources>(),
            provider.Get<JitpTemplateService>(),
            provider.Get<IFleetSender>(),
            provider.Get<TimeProvider>(),
            provider.Get<ILogger<DmsService>>()));
        services.AddService(provider => new FleetService(
            provider.Get<LamassuClient>(),
            provider.Get<LamassuMemory>(),
            provider.Get<MetadataDialects>(),
            provider.Get<JitpTemplateService>(),
            provider.Get<IFleetSender>(),
            provider.Get<IIoTCore>(),
            provider.Get<TimeProvider>(),
            provider.Get<ILogger<FleetService>>()));
    }

    // The services' own parts are internal, so their constructors are too, and the container can't find them.
    private static IServiceCollection AddService<TService>(this IServiceCollection services, Func<IServiceProvider, TService> create)
        where TService : class => services.AddSingleton(create);

    private static T Get<T>(this IServiceProvider provider)
        where T : notnull => provider.GetRequiredService<T>();
}
