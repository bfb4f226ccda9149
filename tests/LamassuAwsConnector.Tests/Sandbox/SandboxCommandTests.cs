using System.Net;
using System.Net.Sockets;
using LamassuAwsConnector.Sandbox;
using LamassuAwsConnector.Tests.Infrastructure;
using Spectre.Console.Cli;
using static LamassuAwsConnector.Tests.Sandbox.SandboxCommandLine;

namespace LamassuAwsConnector.Tests.Sandbox;

/// <summary>The command line as a person or CI calls it: what it prints, and the status that it ends with.</summary>
public sealed class SandboxCommandTests
{
    [Fact]
    public async Task The_story_ends_right()
    {
        var (status, output) = await RunAsync("--once", "--free-ports");

        Assert.True(status == 0, output);
        Assert.Contains("RegisterThing", output, StringComparison.Ordinal);
        Assert.Contains("\nTOKEN=eyJ", output, StringComparison.Ordinal);
        Assert.Contains("The end state is the expected one.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("WRONG", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_story_that_ends_wrong_ends_with_another_status()
    {
        var (status, output) = await RunAsync("--once", "--free-ports", "--fail", "RegisterThing:100:CertificateValidationException");

        Assert.Equal(1, status);
        Assert.Contains("WRONG", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recorded_messages_of_a_real_Lamassu_are_replayed_and_the_facts_hold()
    {
        var (status, output) = await RunAsync("--once", "--free-ports", "--events", TestFolders.Recordings);

        Assert.True(status == 0, output);
        Assert.Contains("The end state is right.", output, StringComparison.Ordinal);
        Assert.Contains("connector aws.123456789012, account 123456789012, region eu-west-1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_recordings_end_the_same_way_when_the_connector_sees_them_after_an_outage()
    {
        var (status, output) = await RunAsync("--once", "--free-ports", "--changes-first", "--events", TestFolders.Recordings);

        Assert.True(status == 0, output);
    }

    [Fact]
    public async Task The_sample_messages_are_replayed_without_an_unhandled_failure()
    {
        var (status, output) = await RunAsync("--once", "--free-ports", "--events", TestFolders.Events);

        Assert.True(status == 0, output);
        Assert.Contains("Replaying 84 messages for connector aws-iot-prod", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_in_which_AWS_fails_longer_than_a_message_is_tried_ends_wrong()
    {
        // 3 attempts in each of 4 deliveries; the SDK does not repeat this one.
        var (status, output) = await RunAsync("--once", "--free-ports", "--events", TestFolders.Recordings, "--fail", "RegisterThing:12:ConflictingResourceUpdateException");

        Assert.Equal(1, status);
        Assert.Contains("dead_lettered (unavailable)", output, StringComparison.Ordinal);
        Assert.Contains("The end state is NOT right.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fleet_is_enrolled_with_one_AWS_call_for_each_device()
    {
        var (status, output) = await RunAsync("--once", "--free-ports", "--devices", "20");

        Assert.True(status == 0, output);
        Assert.Matches(@"devices not registered\s+0", output);
        Assert.Matches(@"AWS RegisterThing\s+20", output);
    }

    [Fact]
    public async Task A_taken_port_is_said_with_the_option_that_changes_it()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (status, output) = await RunAsync(
            "--once", "--port", "0", "--aws-port", $"{port}", "--ca-port", "0", "--device-manager-port", "0", "--dms-manager-port", "0", "--issuer-port", "0");

        Assert.Equal(1, status);
        Assert.Contains($"{port}", output, StringComparison.Ordinal);
        Assert.Contains("--aws-port", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--events", "no-such-folder")]
    [InlineData("--devices", "0")]
    [InlineData("--limit", "RegisterThing")]
    [InlineData("--fail", "RegisterThing:2")]
    [InlineData("--drop", "RegisterThing")]
    [InlineData("--credentials", "only-an-id")]
    [InlineData("--amqp", "http://localhost")]
    [InlineData("--public-host", "stand-ins")]
    [InlineData("--public-host", "http://no name")]
    public async Task A_wrong_option_is_said_and_nothing_is_started(string option, string value)
    {
        var (status, output) = await RunAsync("--once", option, value);

        Assert.NotEqual(0, status);
        Assert.Contains(option, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_names_every_option()
    {
        var (status, output) = await RunAsync("--help");

        Assert.Equal(0, status);
        Assert.All(
            typeof(SandboxSettings).GetProperties().SelectMany(property => property.GetCustomAttributes(typeof(CommandOptionAttribute), false)).Cast<CommandOptionAttribute>(),
            option => Assert.Contains($"--{option.LongNames[0]}", output, StringComparison.Ordinal));
    }
}
