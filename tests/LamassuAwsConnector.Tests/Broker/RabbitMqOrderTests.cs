using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Consumers;
using LamassuAwsConnector.Tests.DeviceManufacturing;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Broker.BrokerStage;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>What waits for what on a real broker, and what does not.</summary>
[Collection(Collection)]
public sealed class RabbitMqOrderTests(RabbitMqNode node)
{
    private const string FanOutQueue = $"{Queue}.fan-out";

    // More than are worked on at once in any lane, so that a campaign in the lane of others would hold it up.
    private const int Fleet = 40;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_an_event_is_tried_again_within_its_delivery_the_next_one_of_its_object_waits_and_those_of_others_do_not()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        var watch = new HandlerWatch();
        var tries = new ConcurrentQueue<string>();
        var others = 0;
        watch.Replace("ca.create", _ =>
        {
            Interlocked.Increment(ref others);
            return Task.FromResult(EventOutcome.Handled);
        });
        watch.Replace("ca.status.update", cloudEvent =>
        {
            tries.Enqueue(cloudEvent.Subject!);
            return cloudEvent.Subject == "first" && (tries.Count < 3 || Volatile.Read(ref others) == 0)
                ? throw new ConnectorException(FailureKind.Throttled, "some_code", FailureSource.Aws, "Too many calls.")
                : Task.FromResult(EventOutcome.Handled);
        });
        await broker.StartAsync(stage, watch.AddTo, ("event_retries:attempts", "8"), ("event_retries:pause", "00:00:00.200"));
        await PublishAsync("ca.status.update", "first", "ca-1");
        await UntilAsync(() => !tries.IsEmpty);

        await PublishAsync("ca.status.update", "second", "ca-1");

        // Several, as some may share their place with the first one's object by chance.
        for (var ca = 0; ca < 5; ca++)
        {
            await PublishAsync("ca.create", $"{ca}", $"other-{ca}");
        }

        await UntilAsync(() => tries.Contains("second"));
        Assert.Equal(["first", "first", "first"], tries.Take(3));
        Assert.Equal("second", Assert.Single(tries, subject => subject != "first"));
        Assert.Equal("second", tries.Last());
        Assert.Equal(0, await broker.MessagesAsync(DeadLetterQueue));

        Task PublishAsync(string type, string subject, string ca) => broker.PublishAsync(type, EventOf(type, subject, new JsonObject { ["id"] = ca }));
    }

    [Fact]
    public async Task A_campaign_delays_neither_a_revocation_nor_a_single_event_and_is_worked_on_a_few_at_a_time()
    {
        await using var broker = await ConnectAsync(node);
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var revoked = await scenario.EnrolAsync("meter-revoked");
        for (var device = 0; device < Fleet; device++)
        {
            await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, $"meter-{device}");
        }

        var watch = new HandlerWatch();
        var campaign = new TaskCompletionSource<EventOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new ConcurrentQueue<string?>();
        watch.Replace(FleetTypes.WorkOnDevice, cloudEvent =>
        {
            begun.Enqueue(cloudEvent.Subject);
            return campaign.Task;
        });
        await broker.StartAsync(scenario.Stage, watch.AddTo);
        var updated = scenario.Stage.State.Find(LamassuKind.Dms, DeviceScenario.Dms)!.DeepClone().AsObject();
        var previous = updated.DeepClone().AsObject();
        DmsStage.Settings(previous)["registration_mode"] = "none";
        await broker.PublishAsync("dms.update", EventOf("dms.update", $"dms/{DeviceScenario.Dms}", new JsonObject { ["previous"] = previous, ["updated"] = updated }));
        await UntilAsync(() => begun.Count == Lanes.Concurrency(Lane.Fleet));

        await scenario.Stage.Lamassu.SetCertificateStatusAsync(revoked, "REVOKED", "KeyCompromise");
        var certificate = scenario.Stage.State.Find(LamassuKind.Certificate, revoked)!.DeepClone();
        await broker.PublishAsync(
            "certificate.status.update", EventOf("certificate.status.update", $"certificate/{revoked}", new JsonObject { ["updated"] = certificate }));
        await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, "meter-single");
        await broker.PublishAsync("dms.bind-device-id", BindOf(scenario, "meter-single"));

        await UntilAsync(async () => await scenario.Stage.CertificateStatusAsync(revoked) == "REVOKED");
        await UntilAsync(() => scenario.Stage.Note(LamassuKind.Certificate, scenario.Stage.CurrentSerial("meter-single")) is not null);
        await scenario.AssertInOrderAsync("meter-single");
        Assert.True(await broker.MessagesAsync(FanOutQueue) > 0);
        Assert.Equal(Lanes.Concurrency(Lane.Fleet), begun.Count);
        Assert.True(Lanes.Concurrency(Lane.Fleet) < Lanes.Concurrency(Lane.Events));

        campaign.SetResult(EventOutcome.Handled);
        await UntilAsync(() => begun.Distinct().Count() >= Fleet);
        await UntilAsync(async () => await broker.MessagesAsync(FanOutQueue) == 0);
    }
}
