using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LamassuAwsConnector.Api.Health;

internal static class HealthServices
{
    public const string Bus = "bus";
    public const string Events = "events";
    public const string Lamassu = "lamassu";
    public const string AwsCredentials = "aws_credentials";

    /// <summary>What the connector needs around it. The bus brings its own check, under the name <see cref="Bus"/>.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<HealthHistory>();
        services.AddSingleton<IHealthCheckPublisher>(provider => provider.GetRequiredService<HealthHistory>());
        services.AddHealthChecks().AddCheck<LamassuCheck>(Lamassu).AddCheck<AwsCredentialsCheck>(AwsCredentials);
        return services;
    }

    /// <summary>AWS away makes nobody unready: events wait in the queue, and another replica has no other AWS.</summary>
    public static bool IsReady(HealthReport report) =>
        report.Entries.All(entry => entry.Key == Bus ? entry.Value.Status == HealthStatus.Healthy : entry.Value.Status != HealthStatus.Unhealthy);
}
