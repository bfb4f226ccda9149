using System.Text.Json.Nodes;
using LamassuAwsConnector.Api.Logging;
using LamassuAwsConnector.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LamassuAwsConnector.Tests.Telemetry;

public sealed class JsonLineFormatterTests
{
    private static readonly ConnectorException Denied = new(
        FailureKind.Denied, "AccessDeniedException", FailureSource.Aws, "AWS says no.", new IOException("inner"));

    private readonly LoggerExternalScopeProvider scopes = new();

    [Fact]
    public void A_foreseen_failure_is_told_by_its_sentence_and_code()
    {
        var line = Write(LogLevel.Error, "It failed", Denied);

        Assert.Equal("AWS says no.", line["error"]!.GetValue<string>());
        Assert.Equal("AccessDeniedException", line["error_code"]!.GetValue<string>());
        Assert.Null(line["exception"]);
    }

    [Fact]
    public void For_debugging_it_has_its_stack_trace_too() =>
        Assert.Contains("inner", Write(LogLevel.Debug, "It failed", Denied)["exception"]!.GetValue<string>(), StringComparison.Ordinal);

    [Fact]
    public void What_nobody_foresaw_has_it_always() => Assert.Contains(
        nameof(IOException), Write(LogLevel.Error, "It failed", new IOException("broken"))["exception"]!.GetValue<string>(), StringComparison.Ordinal);

    [Fact]
    public void The_message_goes_before_the_scopes_and_the_documented_members_before_both()
    {
        using var outer = scopes.Push(new Dictionary<string, object?>
        {
            ["DeviceId"] = "of-the-event",
            ["EventType"] = "ca.create",
            ["Level"] = "forged",
            ["RequestId"] = "server",
        });

        var line = Write(
            LogLevel.Information, "Registered", exception: null, ("ThingName", "meter-1"), ("DeviceId", "meter-1"), ("Actions", 2), ("Message", "forged"));

        Assert.Equal("meter-1", line["device_id"]!.GetValue<string>());
        Assert.Equal("ca.create", line["event_type"]!.GetValue<string>());
        Assert.Equal(2, line["actions"]!.GetValue<int>());
        Assert.Equal(("info", "Registered"), (line["level"]!.GetValue<string>(), line["message"]!.GetValue<string>()));
        Assert.Null(line["request_id"]);
        Assert.Equal("2026-11-26T10:00:00.000Z", line["time"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("\"}{\"level\":\"forged\"}")]
    [InlineData("\ud800 half a character")]
    public void Whatever_is_said_stays_one_line_and_one_object(string text) =>
        Assert.Equal("warning", Write(LogLevel.Warning, text, exception: null, ("Reason", text))["level"]!.GetValue<string>());

    private JsonObject Write(LogLevel level, string message, Exception? exception, params (string Key, object? Value)[] values)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("connector_id", (string?)"aws-iot-test")]).Build();
        var formatter = new JsonLineFormatter(configuration, new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero)));
        var state = values.Select(value => KeyValuePair.Create(value.Key, value.Value)).ToList();
        using var text = new StringWriter();

        formatter.Write(
            new LogEntry<List<KeyValuePair<string, object?>>>(
                level, "LamassuAwsConnector.Core", new EventId(1, "RegisterThing"), state, exception, (_, _) => message),
            scopes,
            text);

        var line = Assert.Single(text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var json = JsonNode.Parse(line)!.AsObject();
        Assert.Equal("register_thing", json["action"]!.GetValue<string>());
        return json;
    }
}
