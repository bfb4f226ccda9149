using LamassuAwsConnector.Api;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Tests.Configuration;

/// <summary>What is refused, and the sentence: it begins with the key and says what may stand there.</summary>
public sealed class OptionRulesTests
{
    private static readonly Dictionary<string, string?> Right = new()
    {
        ["connector_id"] = "aws-iot-test",
        ["aws_config:region"] = "eu-west-1",
        ["subscriber_event_bus:provider"] = "amqp",
        ["subscriber_event_bus:hostname"] = "rabbitmq",
        ["ca_client:base_url"] = "https://lamassu/api/ca",
        ["device_manager_client:base_url"] = "https://lamassu/api/devmanager",
        ["dms_manager_client:base_url"] = "https://lamassu/api/dmsmanager",
    };

    [Theory]
    [InlineData("connector_id", "", "connector_id is missing: set it to the id that the metadata of Lamassu's objects uses, e.g. aws-iot-prod")]
    [InlineData("metadata_dialect", "old", "metadata_dialect must be auto, documented or lamassu3; it is 'old'")]
    [InlineData("earlier_certificates", "keep", "earlier_certificates must be deactivate or revoke; it is 'keep'")]
    [InlineData("remember_lamassu_for", "02:00:00", "remember_lamassu_for must lie between 00:00:00 and 01:00:00; it is '02:00:00'")]
    [InlineData("remember_aws_for", "-00:00:01", "remember_aws_for must lie between 00:00:00 and 1.00:00:00; it is '-00:00:01'")]
    [InlineData("jitp_subject_attributes:0", "Town", "jitp_subject_attributes may hold up to 3 different ones of Country, Organization")]
    [InlineData("aws_config:region", "", "aws_config.region is missing: set it to the region of AWS IoT Core, e.g. eu-west-1")]
    [InlineData("aws_config:auth_method", "magic", "aws_config.auth_method must be static, default or role; it is 'magic'")]
    [InlineData("aws_config:auth_method", "static", "aws_config.auth_method is static: access_key_id and secret_access_key are needed")]
    [InlineData("aws_config:auth_method", "role", "aws_config.auth_method is role: role_arn is needed")]
    [InlineData("aws_config:access_key_id", "AKIA", "aws_config.access_key_id and aws_config.secret_access_key go together: one of them is missing")]
    [InlineData("aws_config:endpoint_url", "localhost:4566", "aws_config.endpoint_url must be an http or https URL")]
    [InlineData("aws_config:timeout", "00:03:00", "aws_config.timeout must lie between 00:00:01 and 00:02:00; it is '00:03:00'")]
    [InlineData("subscriber_event_bus:provider", "aws_sqs_sns", "subscriber_event_bus.provider must be amqp or memory; it is 'aws_sqs_sns'")]
    [InlineData("subscriber_event_bus:enabled", "false", "subscriber_event_bus.enabled is false: without events the connector has nothing to do")]
    [InlineData("subscriber_event_bus:hostname", "", "subscriber_event_bus.hostname is missing: set it to the broker's host")]
    [InlineData("subscriber_event_bus:protocol", "mqtt", "subscriber_event_bus.protocol must be amqp or amqps; it is 'mqtt'")]
    [InlineData("subscriber_event_bus:port", "0", "subscriber_event_bus.port must lie between 1 and 65535; it is '0'")]
    [InlineData("subscriber_event_bus:ca_cert_file", "/nowhere.pem", "subscriber_event_bus.ca_cert_file can't be used: there is no such file")]
    [InlineData("subscriber_event_bus:basic_auth:enabled", "true", "subscriber_event_bus.basic_auth.enabled is true: username and password are needed")]
    [InlineData("subscriber_event_bus:client_tls_auth:enabled", "true", "subscriber_event_bus.client_tls_auth.enabled is true: that needs protocol amqps")]
    [InlineData("subscriber_event_bus:exchange", "lamassu-dlq", "subscriber_event_bus.exchange 'lamassu-dlq' is that of subscriber_dlq_event_bus too")]
    [InlineData("subscriber_dlq_event_bus:exchange", "lamassu-events", "subscriber_event_bus.exchange 'lamassu-events' is that of subscriber_dlq_event_bus too")]
    [InlineData("subscriber_dlq_event_bus:protocol", "mqtt", "subscriber_dlq_event_bus.protocol must be amqp or amqps; it is 'mqtt'")]
    [InlineData("ca_client:base_url", "", "ca_client.base_url is missing: set it to the service's address")]
    [InlineData("device_manager_client:base_url", "ftp://lamassu", "device_manager_client.base_url must be an http or https URL")]
    [InlineData("dms_manager_client:timeout", "00:00:00", "dms_manager_client.timeout must lie between 00:00:01 and 00:02:00; it is '00:00:00'")]
    [InlineData("dms_manager_client:auth_mode", "kerberos", "dms_manager_client.auth_mode must be noauth, jwt, mtls or apikey; it is 'kerberos'")]
    [InlineData("event_retries:attempts", "0", "event_retries.attempts must lie between 1 and 10; it is '0'")]
    [InlineData("event_retries:pause", "00:01:00", "event_retries.pause must lie between 00:00:00 and 00:00:10; it is '00:01:00'")]
    [InlineData("event_retries:max_age", "31.00:00:00", "event_retries.max_age must lie between 00:00:00 and 30.00:00:00; it is '31.00:00:00'")]
    [InlineData("event_retries:delays:0", "00:00:00", "event_retries.delays must each be above 00:00:00 and at most 1.00:00:00")]
    [InlineData("event_retries:delays:0", "00:00:00.5", "event_retries.delays: the last one, 00:00:00.5000000, is repeated without end")]
    [InlineData("health:remember_for", "01:00:00", "health.remember_for must lie between 00:00:00 and 00:05:00; it is '01:00:00'")]
    [InlineData("health:timeout", "00:00:00", "health.timeout must lie between 00:00:00.1000000 and 00:01:00; it is '00:00:00'")]
    [InlineData("metrics:device_series", "10001", "metrics.device_series must lie between 0 and 10000; it is '10001'")]
    [InlineData("metrics:open", "yes", "metrics.open must be true or false; it is 'yes'")]
    [InlineData("otel:traces:enabled", "true", "otel.traces.hostname is missing, and otel.traces.enabled is true")]
    [InlineData("otel:metrics:scheme", "grpc", "otel.metrics.scheme must be http or https; it is 'grpc'")]
    [InlineData("otel:metrics:interval_in_millis", "1", "otel.metrics.interval_in_millis must lie between 100 and 3600000; it is '1'")]
    [InlineData("logs:level", "loud", "logs.level must be none, error, warning, info, debug or trace; it is 'loud'")]
    [InlineData("logs:format", "xml", "logs.format must be json or text; it is 'xml'")]
    [InlineData("auth:mode", "basic", "auth.mode must be jwt or none; it is 'basic'")]
    [InlineData("cors:allowed_origins:0", "lamassu", "cors.allowed_origins: 'lamassu' is no origin")]
    public void A_wrong_value_stops_the_start(string key, string value, string sentence)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => ConnectorApplication.Build([], With((key, value))));

        Assert.Contains(failure.Failures, failed => failed.StartsWith(sentence, StringComparison.Ordinal));
        Assert.All(failure.Failures, failed => Assert.StartsWith(Section(key.Replace(':', '.')), Section(failed), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("subscriber_dlq_event_bus:enabled", "false", "subscriber_event_bus:exchange", "events")]
    [InlineData("subscriber_dlq_event_bus:hostname", "another", "subscriber_dlq_event_bus:exchange", "lamassu-events")]
    [InlineData("subscriber_event_bus:provider", "memory", "event_retries:delays:0", "00:00:00.01")]
    [InlineData("auth:mode", "none", "metrics:open", "True")]
    [InlineData("aws_config:region", "us-gov-west-1", "aws_config:auth_method", "")]
    [InlineData("aws_config:region", "cn-north-1", "aws_config:endpoint_url", "")]
    public async Task A_right_value_does_not(string key, string value, string other, string otherValue)
    {
        await using var app = ConnectorApplication.Build([], With((key, value), (other, otherValue)));

        Assert.NotNull(app);
    }

    // What is wrong between the two buses is said of the first.
    private static string Section(string text) => text.Replace("_dlq", "", StringComparison.Ordinal).Split('.', ' ')[0];

    private static Dictionary<string, string?> With(params (string Key, string Value)[] changes)
    {
        var settings = new Dictionary<string, string?>(Right);
        foreach (var (key, value) in changes)
        {
            settings[key] = value;
        }

        return settings;
    }
}
