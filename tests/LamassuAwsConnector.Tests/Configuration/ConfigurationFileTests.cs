using LamassuAwsConnector.Api.Configuration;

namespace LamassuAwsConnector.Tests.Configuration;

public sealed class ConfigurationFileTests
{
    [Fact]
    public void The_documented_file_is_read()
    {
        var values = Read(
            """
            connector:
              connector_id: aws-iot-prod
              # AWS credentials
              aws_config:
                aws_region: us-east-1
                aws_access_key_id: ${AWS_ACCESS_KEY_ID}
                aws_secret_access_key: ${AWS_SECRET_ACCESS_KEY}
              aws_bidirectional_queue_name: lamassu-iot-commands
              subscriber_event_bus:
                provider: amqp
                config:
                  hostname: rabbitmq.example.com
                  port: 5672
                  exchange: lamassu-events
              subscriber_dlq_event_bus:
                provider: amqp
                config:
                  hostname: rabbitmq.example.com
                  port: 5672
                  exchange: lamassu-dlq
              ca_client:
                base_url: https://ca.lamassu.io
                tls_config:
                  insecure_skip_verify: false
            """,
            new() { ["AWS_ACCESS_KEY_ID"] = "AKIATEST", ["AWS_SECRET_ACCESS_KEY"] = "se$cret" });

        Assert.Equal("aws-iot-prod", values["connector_id"]);
        Assert.Equal("us-east-1", values["aws_config:region"]);
        Assert.Equal("AKIATEST", values["aws_config:access_key_id"]);
        Assert.Equal("se$cret", values["aws_config:secret_access_key"]);
        Assert.Equal("lamassu-iot-commands", values["aws_bidirectional_queue_name"]);
        Assert.Equal("rabbitmq.example.com", values["subscriber_event_bus:hostname"]);
        Assert.Equal("lamassu-dlq", values["subscriber_dlq_event_bus:exchange"]);
        Assert.Equal("https://ca.lamassu.io", values["ca_client:base_url"]);
        Assert.Equal("false", values["ca_client:insecure_skip_verify"]);
    }

    [Fact]
    public void The_documented_blocks_may_also_stand_at_the_top()
    {
        var values = Read(
            """
            connector:
              connector_id: aws-iot-prod
            subscriber_event_bus:
              provider: amqp
              config:
                hostname: rabbitmq
            """);

        Assert.Equal("aws-iot-prod", values["connector_id"]);
        Assert.Equal("rabbitmq", values["subscriber_event_bus:hostname"]);
    }

    [Fact]
    public void The_existing_connectors_file_is_read()
    {
        var values = Read(
            """
            logs: { level: info }
            connector_id: aws.123456789012
            subscriber_event_bus:
              enabled: true
              provider: amqp
              protocol: amqps
              hostname: rabbitmq
              port: 5671
              basic_auth: { enabled: true, username: u, password: "p#1" }
            ca_client:
              auth_mode: noauth
              protocol: https
              hostname: api-gateway
              port: 8443
              base_path: /api/ca
            device_manager_client: { protocol: http, hostname: device-manager, port: 8085, base_path: "" }
            aws_config: { auth_method: static, region: eu-west-1, access_key_id: a, secret_access_key: b, endpoint_url: "" }
            """);

        Assert.Equal("aws.123456789012", values["connector_id"]);
        Assert.Equal("amqps", values["subscriber_event_bus:protocol"]);
        Assert.Equal("p#1", values["subscriber_event_bus:basic_auth:password"]);
        Assert.Equal("https://api-gateway:8443/api/ca", values["ca_client:base_url"]);
        Assert.Equal("http://device-manager:8085", values["device_manager_client:base_url"]);
        Assert.Equal("eu-west-1", values["aws_config:region"]);
    }

    [Theory]
    [InlineData("base_url: https://ca, tls_config: { insecure_skip_verify: true, ca_cert_file: /ca.pem }")]
    [InlineData("protocol: https, hostname: ca, insecure_skip_verify: true, ca_cert_file: /ca.pem")]
    public void Trust_and_credentials_are_read_in_both_shapes(string client)
    {
        const string Credentials = "auth_mode: jwt, jwt_options: { oidc_client_id: i, oidc_client_secret: s, oidc_well_known: https://k }";
        var values = Read($"connector:\n  auth: {{ mode: jwt, authority: https://k }}\n  ca_client: {{ {client}, {Credentials} }}");

        Assert.Equal("jwt", values["auth:mode"]);
        Assert.Equal("https://ca", values["ca_client:base_url"]);
        Assert.Equal("true", values["ca_client:insecure_skip_verify"]);
        Assert.Equal("/ca.pem", values["ca_client:ca_cert_file"]);
        Assert.Equal("jwt", values["ca_client:auth_mode"]);
        Assert.Equal("s", values["ca_client:jwt_options:oidc_client_secret"]);
    }

    [Fact]
    public void A_variable_has_a_default_and_a_dollar_sign_can_be_written()
    {
        var values = Read("a: ${NOT_SET:-http://x:1}\nb: $$5\nc: [one, two]\nd: ~\ne:");

        Assert.Equal("http://x:1", values["a"]);
        Assert.Equal("$5", values["b"]);
        Assert.Equal("two", values["c:1"]);
        Assert.DoesNotContain("d", values.Keys);
        Assert.DoesNotContain("e", values.Keys);
    }

    [Fact]
    public void All_variables_that_are_not_set_are_said()
    {
        var problems = new List<string>();

        YamlConfiguration.Read("connector_id: ${ONE}\naws_config:\n  region: ${TWO}", _ => null, problems);

        Assert.Equal(
            [
                "connector_id uses the environment variable ONE, which is not set (line 1)",
                "aws_config.region uses the environment variable TWO, which is not set (line 3)",
            ],
            problems);
    }

    [Theory]
    [InlineData("a: [1, 2", "line 2, column 1")]
    [InlineData("a: 1\nb: *s3cret", "line 2, column 4: an alias that is defined nowhere; put a text that begins with * in quotes")]
    [InlineData("a:\n  b: s3cret\n c: s3cret", "line 3, column")]
    [InlineData("a: \"s3cret", "line 1, column")]
    [InlineData("a: \"\\s3cret\"", "line 1, column")]
    [InlineData("a: %s3cret", "line 1, column 4")]
    [InlineData("a: s3cret: s3cret", "line 1, column")]
    [InlineData("a: !<s3cret s3cret", "line 1, column")]
    [InlineData("a: 1\na: s3cret", "line 2, column 1: a key that is there before")]
    [InlineData("{a: 1}: 2", "line 1, column 1: a key of the file is no text")]
    [InlineData("a: 1\n---\nb: 1", "line 3: a second document begins")]
    [InlineData("s3cret", "it holds no keys")]
    [InlineData("- s3cret", "it holds no keys")]
    public void What_is_no_YAML_is_said_with_its_place_and_without_its_values(string yaml, string reason)
    {
        var message = Assert.Throws<InvalidDataException>(() => Read(yaml)).Message;

        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Read(string yaml, Dictionary<string, string>? environment = null)
    {
        var problems = new List<string>();
        var written = new WrittenSettings();
        written.Add(YamlConfiguration.Read(yaml, name => environment?.GetValueOrDefault(name), problems)
            .Select(value => new Setting(FileShapes.Unify(value.Key), value.Value, value.Key, "file")));
        written.CompleteAddresses();
        Assert.Empty(problems);
        return written.All.ToDictionary(setting => setting.Key, setting => setting.Value);
    }
}
