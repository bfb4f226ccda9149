using System.Text.RegularExpressions;
using LamassuAwsConnector.Tests.Infrastructure;
using LamassuAwsConnector.Tests.Security;
using static LamassuAwsConnector.Tests.Configuration.WrittenConfiguration;

namespace LamassuAwsConnector.Tests.Configuration;

/// <summary>What an operator sees of a configuration.</summary>
[Collection(nameof(ProcessEnvironment))]
public sealed class CheckConfigTests
{
    private const string Time = "a time as hours:minutes:seconds, e.g. 00:00:30, or days.hours:minutes:seconds";
    private const string Unknown = "is no key that the connector knows, and has no effect";

    private static readonly (string, string?)[] Credentials =
    [
        ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "aws secret"), ("AMQP_PASSWORD", "p#1"),
        ("OIDC_CLIENT_SECRET", "client secret"), ("DMS_API_KEY", "api key"),
    ];

    [Fact]
    public async Task The_documented_sample_is_valid()
    {
        var file = Path.Combine(TestFolders.Repository, "docs", "samples", "config.documented.yml");

        var seen = await CheckFileAsync(file, Credentials);

        Assert.Equal((0, "The configuration is valid."), (seen.ExitCode, seen.Errors.Trim().Split('\n')[^1]));
        Assert.Contains("  region: us-east-1", seen.Output, StringComparison.Ordinal);
        Assert.Contains($"# connector.aws_config.aws_region, line 7 of {file}", seen.Output, StringComparison.Ordinal);
        Assert.Contains("  hostname: rabbitmq.example.com", seen.Output, StringComparison.Ordinal);
        Assert.Equal(
            $"Warning: aws_bidirectional_queue_name (connector.aws_bidirectional_queue_name, line 12 of {file}) has no effect: messages from AWS by SQS are not read",
            Assert.Single(seen.Errors.Split('\n'), line => line.StartsWith("Warning", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_existing_connectors_sample_is_valid_and_what_means_nothing_here_is_named()
    {
        var seen = await CheckFileAsync(Path.Combine(TestFolders.Repository, "docs", "samples", "config.existing-connector.yml"), Credentials);

        Assert.True(seen.ExitCode == 0, seen.Errors);
        Assert.Contains("  base_url: https://api-gateway:8443/api/ca ", seen.Output, StringComparison.Ordinal);
        Assert.Contains("  base_url: http://device-manager:8085 ", seen.Output, StringComparison.Ordinal);
        Assert.Contains("  protocol: amqps", seen.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("is no key", seen.Errors, StringComparison.Ordinal);
        Assert.Equal(
            [
                "aws_bidirectional_queue_name", "ca_client.log_level", "device_manager_client.log_level", "dms_manager_client.log_level",
                "otel.logging.base_path", "otel.logging.enabled", "otel.logging.hostname", "otel.logging.port", "otel.logging.scheme",
                "subscriber_dlq_event_bus.log_level", "subscriber_event_bus.log_level",
            ],
            Regex.Matches(seen.Errors, @"Warning: (\S+) \(.*\) has no effect").Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task All_errors_are_said_at_once_with_what_was_written_and_where()
    {
        var seen = await CheckAsync(
            """
            connector:
              connector_id: "no spaces"
              aws_config:
                aws_region: ireland
                timeout: 10
              subscriber_event_bus:
                provider: amqp
                config:
                  hostname: rabbitmq
                  port: many
              ca_client: { hostname: lamassu, protocol: gopher }
              device_manager_client: { base_url: "${NOT_SET_ANYWHERE}" }
            event_retries: { attempts: 50, delays: ["00:00:10", soon] }
            cors: { allowed_origins: https://lamassu }
            auth: jwt
            """,
            [("METRICS__DEVICE_SERIES", "-5")]);

        Assert.Equal(1, seen.ExitCode);
        Assert.Equal(
            [
                "auth must hold keys, and holds a value (line 15 of FILE)",
                "aws_config.region must be the name of a region, e.g. eu-west-1 (connector.aws_config.aws_region, line 4 of FILE)",
                $"aws_config.timeout must be {Time}; it is '10' (connector.aws_config.timeout, line 5 of FILE)",
                "ca_client.base_url must be an http or https URL (connector.ca_client.hostname, line 11 of FILE)",
                "connector.device_manager_client.base_url uses the environment variable NOT_SET_ANYWHERE, which is not set (line 12)",
                "connector_id may hold 1 to 128 of the characters A-Z a-z 0-9 . _ - (connector.connector_id, line 2 of FILE)",
                "cors.allowed_origins must be a list (line 14 of FILE)",
                "dms_manager_client.base_url is missing: set it to the service's address, e.g. https://lamassu.example.com/api/ca",
                "event_retries.attempts must lie between 1 and 10; it is '50' (line 13 of FILE)",
                $"event_retries.delays.1 must be {Time}; it is 'soon' (line 13 of FILE)",
                "metrics.device_series must lie between 0 and 10000; it is '-5' (METRICS__DEVICE_SERIES, environment)",
                "subscriber_event_bus.port must be a whole number; it is 'many' (connector.subscriber_event_bus.config.port, line 10 of FILE)",
            ],
            Lines(seen.Errors, "- "));
    }

    [Fact]
    public async Task Keys_that_nobody_knows_are_named_with_the_one_that_is_meant()
    {
        var seen = await CheckAsync(
            Right + """
            auth: { mode: none, requierd_role: x }
            connector:
              aws_config: { aws_regoin: us-east-1 }
            ca_clint: { base_url: https://a, timeout: "00:00:10" }
            something_else: { entirely: 1 }
            Logging: { LogLevel: { MassTransit: Debug } }
            """,
            [("AWS_CONFG__REGION", "x"), ("LOGS__LEVL", "info"), ("UNRELATED__VALUE", "x"), ("AWS_REGION", "x")]);

        Assert.Equal(0, seen.ExitCode);
        Assert.Equal(
            [
                $"auth.requierd_role (line 7 of FILE) {Unknown}; is auth.required_role meant?",
                $"aws_confg (AWS_CONFG__REGION, environment) {Unknown}; is aws_config meant?",
                $"aws_config.regoin (connector.aws_config.aws_regoin, line 9 of FILE) {Unknown}; is aws_config.region meant?",
                $"ca_clint (line 10 of FILE) {Unknown}; is ca_client meant?",
                $"logs.levl (LOGS__LEVL, environment) {Unknown}; is logs.level meant?",
                $"something_else (line 11 of FILE) {Unknown}",
            ],
            Lines(seen.Errors, "Warning: "));
    }

    [Fact]
    public async Task The_environment_goes_before_the_file_and_the_command_line_before_both()
    {
        var seen = await CheckAsync(
            Right + "logs: { level: debug }",
            [("CONNECTOR__AWS_CONFIG__AWS_REGION", "cn-north-1"), ("LOGS__LEVEL", "trace"), ("CA_CLIENT__HOSTNAME", "other")],
            "--logs:level", "error");

        Assert.True(seen.ExitCode == 0, seen.Errors);
        Assert.Matches(@"region: cn-north-1 +# CONNECTOR__AWS_CONFIG__AWS_REGION, environment", seen.Output);
        Assert.Matches(@"level: error +# --logs:level, command line", seen.Output);
        Assert.Matches(@"base_url: https://other +# CA_CLIENT__HOSTNAME, environment", seen.Output);
        Assert.Matches(@"earlier_certificates: deactivate +# default", seen.Output);
    }

    [Fact]
    public async Task What_is_printed_is_a_file_that_means_the_same()
    {
        const string More =
            """
            auth: { mode: jwt, authority: "https://lamassu/auth", audience: "a: b # $$c \"d\"", issuer: "null" }
            cors: { allowed_origins: [https://a, https://b] }
            event_retries: { delays: ["00:00:05", "1.00:00:00"] }
            """;
        var first = await CheckAsync(Right + More);

        var second = await CheckAsync(first.Output);

        Assert.True(first.ExitCode == 0 && second.ExitCode == 0, first.Errors + second.Errors);
        Assert.Contains("""audience: "a: b # $$c \"d\"" """, first.Output, StringComparison.Ordinal);
        Assert.Equal(WithoutComments(first.Output), WithoutComments(second.Output));
    }

    [Fact]
    public async Task A_file_that_is_no_YAML_is_said_with_its_place()
    {
        var seen = await CheckAsync(Right + "auth:\n  audience: *s3cret\n");

        Assert.Equal((1, ""), (seen.ExitCode, seen.Output));
        Assert.Contains("'FILE' can't be used: line 8, column 13: an alias", seen.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", seen.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_named_and_is_not_there_is_said()
    {
        var seen = await CheckFileAsync("/nowhere/config.yml", []);

        Assert.Equal(1, seen.ExitCode);
        Assert.Contains("LAMASSU_CONFIG_FILE names '/nowhere/config.yml', and there is no such file", seen.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_effect_is_said_once_at_start()
    {
        using var variables = new EnvironmentVariables(("LOGS__LEVL", "info"), ("CA_CLIENT__LOG_LEVEL", "info"));
        using var log = new LogLines();
        await using var stage = await TestStage.StartAsync(Door.Http, log.Capture, LogLines.Settings);

        Assert.Single(log.All, line => line.StartsWith("Warning LamassuAwsConnector.Api.Configuration", StringComparison.Ordinal)
            && line.Contains("logs.levl (LOGS__LEVL, environment) is no key", StringComparison.Ordinal));
        Assert.Single(log.All, line => line.StartsWith("Information LamassuAwsConnector.Api.Configuration", StringComparison.Ordinal)
            && line.Contains("ca_client.log_level (CA_CLIENT__LOG_LEVEL, environment) has no effect", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Lines(string text, string prefix) => text.Split('\n')
        .Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Select(line => line[prefix.Length..].TrimEnd()).Order(StringComparer.Ordinal);

    private static string WithoutComments(string yaml) => Regex.Replace(yaml, " +# .*$", "", RegexOptions.Multiline);
}
