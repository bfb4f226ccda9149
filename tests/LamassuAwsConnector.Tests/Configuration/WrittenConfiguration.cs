using LamassuAwsConnector.Api.Commands;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Configuration;

/// <summary>What <c>--check-config</c> says of a file, with variables and arguments.</summary>
internal sealed record Checked(int ExitCode, string Output, string Errors);

/// <summary>For tests in the collection <see cref="ProcessEnvironment"/>: a file on disk, named by its variable.</summary>
internal static class WrittenConfiguration
{
    /// <summary>A whole file with nothing wrong, in the existing connector's shape.</summary>
    public const string Right =
        """
        connector_id: aws-iot-prod
        aws_config: { region: eu-west-1 }
        subscriber_event_bus: { provider: amqp, hostname: rabbitmq }
        ca_client: { base_url: https://lamassu/api/ca }
        device_manager_client: { base_url: https://lamassu/api/devmanager }
        dms_manager_client: { base_url: https://lamassu/api/dmsmanager }

        """;

    public static async Task<Checked> CheckAsync(string yaml, (string Name, string? Value)[]? environment = null, params string[] args)
    {
        var file = Path.Combine(Path.GetTempPath(), $"connector-{Guid.NewGuid():N}.yml");
        await File.WriteAllTextAsync(file, yaml, TestContext.Current.CancellationToken);
        try
        {
            var @checked = await CheckFileAsync(file, environment ?? [], args);
            return @checked with { Output = @checked.Output.Replace(file, "FILE"), Errors = @checked.Errors.Replace(file, "FILE") };
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static async Task<Checked> CheckFileAsync(string file, (string Name, string? Value)[] environment, params string[] args)
    {
        using var variables = new EnvironmentVariables([("LAMASSU_CONFIG_FILE", file), .. environment]);
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var exitCode = await CheckConfig.RunAsync(args, output, errors);
        return new Checked(exitCode, output.ToString(), errors.ToString());
    }
}
