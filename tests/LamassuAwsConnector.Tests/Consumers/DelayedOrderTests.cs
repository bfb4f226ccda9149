using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Consumers;

/// <summary>A message that is delayed gives up its place: what was published after it is handled before it. docs/adr/0012 says why that does no harm.</summary>
public sealed class DelayedOrderTests
{
    private static readonly (string Key, string? Value)[] OneLongDelay = [("event_retries:attempts", "1"), ("event_retries:delays:0", "00:00:02")];

    [Fact]
    public async Task A_hold_that_comes_after_its_end_leaves_the_certificate_ACTIVE()
    {
        await using var scenario = await StartAsync();
        var serial = await scenario.EnrolAsync();
        await FailNextAsync(scenario);
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "CertificateHold");
        await WhenFailedAsync(scenario);

        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "ACTIVE");
        await scenario.Stage.WhenQuietAsync();

        await scenario.AssertInOrderAsync();
        Assert.Equal(3, await UpdatesAsync(scenario));
    }

    [Fact]
    public async Task The_end_of_a_hold_that_comes_after_a_revocation_leaves_the_certificate_REVOKED()
    {
        await using var scenario = await StartAsync();
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "CertificateHold");
        await scenario.Stage.WhenQuietAsync();
        await FailNextAsync(scenario);
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "ACTIVE");
        await WhenFailedAsync(scenario);

        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "KeyCompromise");
        await scenario.Stage.WhenQuietAsync();

        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(serial));
        Assert.Equal(4, await UpdatesAsync(scenario));
    }

    private static Task<DeviceScenario> StartAsync() => DeviceScenario.StartAsync(Door.Event, configuration: OneLongDelay);

    // As often as the AWS client tries one call.
    private static async Task FailNextAsync(DeviceScenario scenario)
    {
        await scenario.Stage.ForgetCallsAsync();
        await scenario.Stage.FailAwsAsync("UpdateCertificate", 3, "InternalFailureException", 500);
    }

    private static Task WhenFailedAsync(DeviceScenario scenario) => UntilAsync(async () => await UpdatesAsync(scenario) == 3);

    private static async Task<int> UpdatesAsync(DeviceScenario scenario) =>
        (await scenario.Stage.AwsWritesAsync()).Count(operation => operation == "UpdateCertificate");
}
