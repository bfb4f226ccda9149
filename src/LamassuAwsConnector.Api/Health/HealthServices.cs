using LamassuAwsConnector.Api.Startup;
using LamassuAwsConnector.Core;
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

    /// <summary>A check that is not healthy, in words for a person.</summary>
    public static Finding FindingOf(string check, string reason) => check switch
    {
        Bus => new Finding(
            "bus", $"The event bus: {reason}", "Events wait at the broker. Check that it runs, and subscriber_event_bus in the configuration."),
        Lamassu => new Finding(
            "lamassu", $"Lamassu: {reason}", "Check that the service runs, and its client in the configuration. Events are tried again until it answers."),
        AwsCredentials => new Finding(
            "credentials",
            $"AWS does not tell who the connector is: {reason}",
            "Check the credentials in aws_config, that AWS can be reached, and the clock. Events are tried again until it answers."),
        Events => new Finding("events", reason, "Nothing has to be done: they go on by themselves. Check what is away or denied."),
        IdentityServices.HealthCheck => new Finding("identity", reason, "Check the credentials in aws_config and that AWS and Lamassu can be reached. It is asked again by itself."),
        _ => new Finding(check, reason, "GET /health/ready says more."),
    };
}
