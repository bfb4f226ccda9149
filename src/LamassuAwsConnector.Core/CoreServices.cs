using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.CertificateAuthorities;
using LamassuAwsConnector.Core.DeviceManufacturing;
using LamassuAwsConnector.Core.Devices;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Metadata;
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
        services.AddOptionsWithValidateOnStart<ConnectorOptions, ConnectorOptionsValidator>().BindConfiguration("");
        services.AddLamassu();
        services.AddAwsIoT();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<ConnectorOptions>>().Value;
            return new MetadataDialects(options.ConnectorId, options.MetadataDialect);
        });
        services.AddSingleton<LamassuMemory>();
        services.AddSingleton<DmsResources>();
        services.AddSingleton<ThingProvisioning>();
        services.AddSingleton<EarlierCertificates>();
        services.AddSingleton<DeviceNotes>();
        services.AddSingleton<CARegistrationNotes>();
        services.AddSingleton<VerificationCertificates>();

        // The services' own parts are internal, so their constructors are too.
        services.AddSingleton(provider => new ThingRegistrationService(
            provider.GetRequiredService<LamassuClient>(),
            provider.GetRequiredService<LamassuMemory>(),
            provider.GetRequiredService<MetadataDialects>(),
            provider.GetRequiredService<ThingProvisioning>(),
            provider.GetRequiredService<EarlierCertificates>(),
            provider.GetRequiredService<DeviceNotes>(),
            provider.GetRequiredService<IIoTCore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ThingRegistrationService>>()));
        services.AddSingleton(provider => new CARegistrationService(
            provider.GetRequiredService<LamassuClient>(),
            provider.GetRequiredService<MetadataDialects>(),
            provider.GetRequiredService<CARegistrationNotes>(),
            provider.GetRequiredService<VerificationCertificates>(),
            provider.GetRequiredService<IIoTCore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CARegistrationService>>()));
        return services;
    }
}
