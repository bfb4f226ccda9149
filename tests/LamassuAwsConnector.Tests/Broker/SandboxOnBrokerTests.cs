using LamassuAwsConnector.Tests.Infrastructure;
using RabbitMQ.Client;
using static LamassuAwsConnector.Tests.Sandbox.SandboxCommandLine;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>The one command of docs/bus.md: the story with the connector on a real broker.</summary>
[Collection(ProcessTests.Name)]
public sealed class SandboxOnBrokerTests(ProcessBroker broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_story_is_played_over_the_broker_and_leaves_no_queue()
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);

        // Gets what goes over the exchange beside the connector.
        await channel.ExchangeDeclareAsync("lamassu-events", ExchangeType.Topic, durable: true, cancellationToken: Cancellation);
        var seen = await channel.QueueDeclareAsync(exclusive: true, cancellationToken: Cancellation);
        await channel.QueueBindAsync(seen.QueueName, "lamassu-events", "dms.bind-device-id", cancellationToken: Cancellation);

        var (status, output) = await RunAsync("--once", "--free-ports", "--connector-id", "story", "--amqp", Url);

        Assert.True(status == 0, output);
        Assert.Contains("The end state is the expected one.", output, StringComparison.Ordinal);
        Assert.Contains("it ended as outdated (outdated)", output, StringComparison.Ordinal);

        // Two devices enrol, one renews, and the bind of the first certificate comes again.
        Assert.Equal(4u, await channel.MessageCountAsync(seen.QueueName, Cancellation));
        Assert.DoesNotContain((await broker.Node.QueuesAsync(Cancellation)).Keys, queue => queue.StartsWith("lamassu-aws-connector.story", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Recorded_messages_are_replayed_over_the_broker()
    {
        await broker.Node.ConnectionAsync(Cancellation);

        var (status, output) = await RunAsync("--once", "--free-ports", "--amqp", Url, "--events", TestFolders.Recordings);

        Assert.True(status == 0, output);
        Assert.Contains("The end state is right.", output, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"messages handled\s+0\b", output);
    }

    [Fact]
    public async Task Queues_with_messages_of_somebody_else_are_left_alone()
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.QueueDeclareAsync("lamassu-aws-connector.taken.status", durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
        await channel.BasicPublishAsync("", "lamassu-aws-connector.taken.status", "a revocation"u8.ToArray(), Cancellation);

        var (status, output) = await RunAsync("--once", "--free-ports", "--connector-id", "taken", "--amqp", Url);

        Assert.Equal(1, status);
        Assert.Contains("lamassu-aws-connector.taken.status has 0 consumers and 1 messages", output, StringComparison.Ordinal);
        Assert.Contains("--connector-id", output, StringComparison.Ordinal);
        Assert.Equal(1u, await channel.QueueDeleteAsync("lamassu-aws-connector.taken.status", cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_broker_that_can_not_be_used_is_said_without_the_password()
    {
        await broker.Node.ConnectionAsync(Cancellation);

        var (status, output) = await RunAsync("--once", "--free-ports", "--amqp", $"amqp://guest:pass-canary@127.0.0.1:{broker.Node.Port}");

        Assert.Equal(1, status);
        Assert.Contains("ACCESS_REFUSED", output, StringComparison.Ordinal);
        Assert.DoesNotContain("pass-canary", output, StringComparison.Ordinal);
    }

    private string Url => $"amqp://guest:guest@127.0.0.1:{broker.Node.Port}";

    private async Task<IConnection> ConnectAsync() => await (await broker.Node.ConnectionAsync(Cancellation)).CreateConnectionAsync(Cancellation);
}
