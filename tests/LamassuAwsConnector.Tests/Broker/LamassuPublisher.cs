using System.Collections.Concurrent;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LamassuAwsConnector.Tests.Broker;

/// <param name="Set">What else the message says of itself; Lamassu sets nothing.</param>
internal sealed record BusMessage(ReadOnlyMemory<byte> Body, string RoutingKey, IReadOnlyDictionary<string, object?> Headers, Action<BasicProperties>? Set = null);

/// <summary>
/// A plain client of the broker that publishes as Lamassu does: a durable topic exchange, persistent, no content type, string headers. Unlike Lamassu it repeats
/// what the broker has not confirmed, so that a test of the connector can count on each message.
/// </summary>
internal sealed class LamassuPublisher : IAsyncDisposable
{
    // The broker confirms many at once, which makes thousands of messages a matter of seconds.
    private const int MaxAtOnce = 200;

    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false);
    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromMilliseconds(250);

    private readonly ConnectionFactory factory;
    private readonly string exchange;
    private readonly Channel<Pending> outbox = Channel.CreateUnbounded<Pending>();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task pump;
    private IConnection? connection;
    private Confirms? confirms;
    private int open;
    private int routed;

    public LamassuPublisher(ConnectionFactory factory, string exchange)
    {
        this.factory = factory;
        this.exchange = exchange;
        pump = PumpAsync();
    }

    /// <summary>Messages that went into a queue, which is to say those that the connector has to deal with.</summary>
    public int Routed => Volatile.Read(ref routed);

    /// <summary>The broker has not confirmed them yet.</summary>
    public int Open => Volatile.Read(ref open);

    /// <returns>Whether a queue is bound for it, when the broker has it.</returns>
    public Task<bool> PublishAsync(BusMessage message)
    {
        var pending = new Pending(message, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        Interlocked.Increment(ref open);
        Assert.True(outbox.Writer.TryWrite(pending));
        return pending.Ended.Task;
    }

    public async ValueTask DisposeAsync()
    {
        outbox.Writer.TryComplete();
        await stopping.CancelAsync();
        await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync();
        stopping.Dispose();
    }

    private async Task PumpAsync()
    {
        var batch = new List<Pending>();
        while (await outbox.Reader.WaitToReadAsync(stopping.Token))
        {
            while (batch.Count < MaxAtOnce && outbox.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
            }

            await PublishUntilConfirmedAsync(batch);
            batch.Clear();
        }
    }

    private async Task PublishUntilConfirmedAsync(List<Pending> batch)
    {
        while (true)
        {
            try
            {
                await PublishAsync(batch);
                return;
            }
            catch (Exception exception) when (exception is RabbitMQClientException or IOException or TimeoutException)
            {
                await CloseAsync();
                await Task.Delay(BeforeNextTry, stopping.Token);
            }
        }
    }

    private async Task PublishAsync(List<Pending> batch)
    {
        var open = await OpenAsync();
        foreach (var (message, _) in batch)
        {
            var properties = new BasicProperties { DeliveryMode = DeliveryModes.Persistent, Headers = new Dictionary<string, object?>(message.Headers) };
            message.Set?.Invoke(properties);
            await open.PublishAsync(exchange, message.RoutingKey, properties, message.Body, stopping.Token);
        }

        await open.WhenAllConfirmedAsync().WaitAsync(ConfirmTimeout, stopping.Token);
        foreach (var (message, ended) in batch)
        {
            var isRouted = !open.Unroutable.ContainsKey(message.RoutingKey);
            Interlocked.Add(ref routed, isRouted ? 1 : 0);
            Interlocked.Decrement(ref this.open);
            ended.SetResult(isRouted);
        }
    }

    private async Task<Confirms> OpenAsync()
    {
        if (confirms is null)
        {
            connection = await factory.CreateConnectionAsync(stopping.Token);
            var channel = await connection.CreateChannelAsync(Confirmed, stopping.Token);
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Topic, durable: true, cancellationToken: stopping.Token);
            confirms = new Confirms(channel);
        }

        return confirms;
    }

    private async Task CloseAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        (connection, confirms) = (null, null);
    }

    private sealed record Pending(BusMessage Message, TaskCompletionSource<bool> Ended);

    /// <summary>One channel with what the broker has not confirmed.</summary>
    private sealed class Confirms
    {
        private readonly IChannel channel;
        private readonly Lock gate = new();
        private readonly HashSet<ulong> unconfirmed = [];
        private TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Confirms(IChannel channel)
        {
            this.channel = channel;
            channel.BasicAcksAsync += (_, confirmed) => Settle(confirmed.DeliveryTag, confirmed.Multiple);
            channel.BasicNacksAsync += (_, _) => Fail("The broker refused a message");
            channel.ChannelShutdownAsync += (_, shutdown) => Fail($"The channel was closed: {shutdown.ReplyText}");
            channel.BasicReturnAsync += (_, returned) =>
            {
                // Comes before the confirm.
                Unroutable[returned.RoutingKey] = true;
                return Task.CompletedTask;
            };
        }

        public ConcurrentDictionary<string, bool> Unroutable { get; } = new(StringComparer.Ordinal);

        public async Task PublishAsync(string exchange, string routingKey, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
        {
            var number = await channel.GetNextPublishSequenceNumberAsync(cancellationToken);
            lock (gate)
            {
                unconfirmed.Add(number);
            }

            await channel.BasicPublishAsync(exchange, routingKey, mandatory: true, properties, body, cancellationToken);
        }

        public Task WhenAllConfirmedAsync()
        {
            lock (gate)
            {
                if (unconfirmed.Count == 0)
                {
                    return Task.CompletedTask;
                }

                if (all.Task.IsCompletedSuccessfully)
                {
                    all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                return all.Task;
            }
        }

        private Task Settle(ulong number, bool multiple)
        {
            lock (gate)
            {
                unconfirmed.RemoveWhere(open => open == number || (multiple && open < number));
                if (unconfirmed.Count == 0)
                {
                    all.TrySetResult();
                }
            }

            return Task.CompletedTask;
        }

        private Task Fail(string reason)
        {
            lock (gate)
            {
                all.TrySetException(new IOException(reason));
            }

            return Task.CompletedTask;
        }
    }
}
