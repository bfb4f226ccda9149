using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>
/// Certificates that go on hold and off again in quick succession, while AWS refuses many of the changes. What AWS refused is delivered again a second later,
/// behind the newer states. The last state wins.
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class StatusFlipTests(ProcessBroker broker)
{
    private const int Devices = 50;
    private const int Flips = 10;
    private const int Connectors = 2;
    private const int Refusals = 60;
    private const string Update = "UpdateCertificate";
    private const string Refusal = "InternalFailureException";
    private const string StatusUpdate = "certificate.status.update";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_status_changes_in_quick_succession_with_failures_among_them_the_last_one_wins_on_both_sides()
    {
        var flips = new ConcurrentQueue<Flip>();
        await using var stage = await ProcessStage.StartAsync(broker.Node, onTheWay: message =>
        {
            if (message.RoutingKey == StatusUpdate)
            {
                flips.Enqueue(Flip.Of(message));
            }

            return message;
        });

        // One attempt in each delivery, also of the SDK: what AWS refuses goes through a wait queue, and comes back behind what was published meanwhile.
        (string, string?)[] once = [("event_retries:attempts", "1"), ("AWS_MAX_ATTEMPTS", "1")];
        var connectors = Enumerable.Range(0, Connectors).Select(_ => stage.StartConnector(once)).ToList();
        await Task.WhenAll(connectors.Select(connector => connector.WhenReadyAsync()));
        await stage.PrepareFleetAsync();
        var devices = ProcessStage.Names("meter", Devices);
        await stage.EnrollAsync(devices);
        await stage.AssertAsLamassuAsksAsync();
        await stage.StandIns.AwsControl.ForgetCallsAsync(Cancellation);
        flips.Clear();

        // Three of four calls, in a mixture.
        for (var refusal = 0; refusal < Refusals; refusal++)
        {
            await RefuseAsync(stage, count: 2 + (refusal % 3), after: 1);
        }

        await ProcessStage.EachAsync(devices, async device =>
        {
            for (var flip = 0; flip < FlipsOf(device); flip++)
            {
                await FlipAsync(stage, device, flip);
            }
        });

        await stage.AssertAsLamassuAsksAsync();

        // A last time, alone, so that no other event of the device makes up for it.
        await stage.StandIns.AwsControl.SendAsync(HttpMethod.Delete, "failures", body: null, Cancellation);
        var refused = (await RefusedAsync(stage)).Count;
        await RefuseAsync(stage, count: 100_000, after: 0);
        await ProcessStage.EachAsync(devices, device => FlipAsync(stage, device, FlipsOf(device)));
        await UntilAsync(async () => (await RefusedAsync(stage)).Skip(refused).Distinct().Count() == Devices);
        await stage.StandIns.AwsControl.SendAsync(HttpMethod.Delete, "failures", body: null, Cancellation);

        await stage.AssertAsLamassuAsksAsync();
        Assert.Equal(
            devices.Select(device => $"{device}: {(IsHold(FlipsOf(device)) ? "INACTIVE" : "ACTIVE")}"),
            devices.Select(device => $"{device}: {FleetState.StatusInAws(stage.StandIns.Lamassu.State.Find(LamassuKind.Certificate, stage.CurrentSerial(device))!)}"));
        AssertWasHard(stage, refused, [.. flips]);
    }

    private static Task FlipAsync(ProcessStage stage, string device, int flip) =>
        IsHold(flip) ? stage.SetStatusAsync(device, "REVOKED", "CertificateHold") : stage.SetStatusAsync(device, "ACTIVE");

    private static Task RefuseAsync(ProcessStage stage, int count, int after) => stage.StandIns.AwsControl.SendAsync(
        HttpMethod.Post, "failures", new() { ["operation"] = Update, ["count"] = count, ["after"] = after, ["error"] = Refusal }, Cancellation);

    /// <returns>The certificate's path for each change that AWS refused.</returns>
    private static async Task<IReadOnlyList<string>> RefusedAsync(ProcessStage stage) =>
        [.. (await stage.StandIns.AwsControl.CallsAsync(Cancellation)).Where(call => call is { Operation: Update, Error: Refusal }).Select(call => call.Path)];

    /// <summary>What the test is about did happen: changes failed, came back later, and were old by then.</summary>
    private static void AssertWasHard(ProcessStage stage, int refused, IReadOnlyList<Flip> flips)
    {
        var delayed = stage.Lines.Select(Delayed.Read).OfType<Delayed>().ToList();
        var sent = flips.ToDictionary(flip => flip.EventId, StringComparer.Ordinal);
        var overtaken = delayed
            .Where(delay => flips.Any(flip => flip.SerialNumber == sent[delay.EventId].SerialNumber && flip.Time > sent[delay.EventId].Time && flip.Time < delay.Until))
            .Select(delay => sent[delay.EventId].SerialNumber).Distinct().Count();
        TestContext.Current.TestOutputHelper?.WriteLine($"{flips.Count} flips, {refused} refused changes in the mixture, {delayed.Count} delayed deliveries, {overtaken} devices with an overtaken one");

        Assert.Equal(ProcessStage.Names("meter", Devices).Sum(FlipsOf) + Devices, sent.Count);
        Assert.True(refused >= Devices, $"AWS refused only {refused} changes of a status.");
        Assert.True(delayed.Count >= Devices, $"Only {delayed.Count} events went through a wait queue.");
        Assert.True(overtaken >= Devices / 4, $"Of only {overtaken} devices an event was delayed while a newer state was published.");
    }

    private static bool IsHold(int flip) => int.IsEvenInteger(flip);

    // Every other device is on hold after these and ends with a lifted one; the others end on hold.
    private static int FlipsOf(string device) => Flips + (int.IsOddInteger(device[^1]) ? 1 : 0);

    /// <param name="Time">When it left for the broker; all times are of this machine.</param>
    private sealed record Flip(string SerialNumber, string EventId, DateTimeOffset Time)
    {
        public static Flip Of(BusMessage message)
        {
            var cloudEvent = JsonNode.Parse(message.Body.Span)!;
            return new Flip(
                cloudEvent["data"]!["updated"]!["serial_number"]!.GetValue<string>(), cloudEvent["id"]!.GetValue<string>(), TimeProvider.System.GetUtcNow());
        }
    }

    /// <summary>A status event that failed and waits, told from the connector's log.</summary>
    private sealed record Delayed(string EventId, DateTimeOffset Until)
    {
        public static Delayed? Read(string line)
        {
            var entry = JsonNode.Parse(line)!;
            return entry["action"]?.GetValue<string>() == "retry_event" && entry["event_type"]!.GetValue<string>() == StatusUpdate
                ? new Delayed(
                    entry["event_id"]!.GetValue<string>(),
                    DateTimeOffset.Parse(entry["time"]!.GetValue<string>(), CultureInfo.InvariantCulture)
                        + TimeSpan.Parse(entry["delay"]!.GetValue<string>(), CultureInfo.InvariantCulture))
                : null;
        }
    }
}
