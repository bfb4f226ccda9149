using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>Certificates that go on hold and off again in quick succession, while AWS fails now and then: the last state wins.</summary>
[Collection(ProcessTests.Name)]
public sealed class StatusFlipTests(ProcessBroker broker)
{
    private const int Devices = 50;
    private const int Flips = 6;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_status_changes_in_quick_succession_with_failures_among_them_the_last_one_wins_on_both_sides()
    {
        await using var stage = await ProcessStage.StartAsync(broker.Node);
        await stage.StartConnectorAsync();
        await stage.PrepareFleetAsync();
        var devices = ProcessStage.Names("meter", Devices);
        await stage.EnrollAsync(devices);
        await stage.AssertAsLamassuAsksAsync();
        for (var failure = 0; failure < 60; failure++)
        {
            await stage.StandIns.AwsControl.SendAsync(
                HttpMethod.Post,
                "failures",
                new() { ["operation"] = "UpdateCertificate", ["count"] = 1 + (failure % 3), ["after"] = 1, ["error"] = "InternalFailureException" },
                Cancellation);
        }

        await ProcessStage.EachAsync(devices, async device =>
        {
            for (var flip = 0; flip < FlipsOf(device); flip++)
            {
                await (flip % 2 == 0
                    ? stage.SetStatusAsync(device, "REVOKED", "CertificateHold")
                    : stage.SetStatusAsync(device, "ACTIVE"));
            }
        });

        await stage.AssertAsLamassuAsksAsync();
        foreach (var device in devices)
        {
            var certificate = stage.StandIns.Lamassu.State.Find(LamassuKind.Certificate, stage.CurrentSerial(device))!;
            Assert.Equal(FlipsOf(device) % 2 == 0 ? "ACTIVE" : "INACTIVE", FleetState.StatusInAws(certificate));
        }
    }

    // Each second device ends on hold.
    private static int FlipsOf(string device) => Flips + (int.IsOddInteger(device[^1]) ? 1 : 0);
}
