using System.Text;
using LamassuAwsConnector.Tests.DeviceManufacturing;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;

namespace LamassuAwsConnector.Tests.Telemetry;

/// <summary>Events carry secrets of others: none of them reaches a log, whatever becomes of the event.</summary>
public sealed class EventSecretsTests
{
    private const string Secret = "hunter2-of-a-webhook";

    [Fact]
    public async Task What_an_event_carries_stands_in_no_log_line()
    {
        using var log = new RecordedLog();
        await using var dms = new DmsStage(await DeviceScenario.StartAsync(
            Door.Http,
            configure: services => services.RemoveAll<ILoggerProvider>().AddSingleton<ILoggerProvider>(log),
            configuration: ("logs:level", "trace")));
        var scenario = dms.Scenario;
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        var before = dms.Current.DeepClone().AsObject();
        dms.Change(changed =>
        {
            changed["settings"]!["webhook"] = Secret;
            DmsStage.AddPolicy(changed, "other-policy", DmsStage.Document);
        });

        var handled = await scenario.BindAsync();
        var saved = await dms.PublishUpdateAsync(before);
        var malformed = await PublishAsync(scenario, "dms.update", $$"""{"updated":"{{Secret}}"}""");
        var cutOff = await PublishAsync(scenario, "dms.update", $$"""{"updated":{"id":"{{Secret}}" """);
        await scenario.Stage.FailAwsAsync("RegisterThing", 100, "NeverHeardOfException", 400);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, "meter-2");
        var failed = await scenario.BindAsync("meter-2");

        Assert.Equal(
            ["handled", "handled", "dead_lettered", "dead_lettered", "dead_lettered"],
            new[] { handled, saved, malformed, cutOff, failed }.Select(end => end.Outcome));
        Assert.Contains(log.All, line => line.Level == LogLevel.Debug);
        Assert.All(log.All, line =>
        {
            var text = $"{line.Text} {line.Exception}";
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("BEGIN CERTIFICATE", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String("-----BEGIN CERT"u8), text, StringComparison.Ordinal);
            Assert.DoesNotContain("AWS4-HMAC-SHA256", text, StringComparison.Ordinal);
            Assert.DoesNotContain("iot:Publish", text, StringComparison.Ordinal);
        });
    }

    private static Task<Api.EventEnd> PublishAsync(DeviceScenario scenario, string type, string data) => scenario.Stage.Stage.Connector.PublishAsync(
        Encoding.UTF8.GetBytes($$"""{"specversion":"1.0","id":"1","source":"s","type":"{{type}}","authclaims":"{{Secret}}","data":{{data}}}"""),
        type,
        new Dictionary<string, string>(),
        TestContext.Current.CancellationToken);
}
