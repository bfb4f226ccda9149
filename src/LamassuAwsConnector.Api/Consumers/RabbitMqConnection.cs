using RabbitMQ.Client;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>One channel with publisher confirms, opened when it is first needed and anew when it was closed.</summary>
internal sealed class RabbitMqConnection(ConnectionFactory factory) : IAsyncDisposable
{
    // The client's own tracking adds a header that is no string, which consumers in Go refuse for ever; one message at a time needs none.
    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false);

    // Quorum queues confirm when most of their nodes have the message.
    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(30);

    // Declaring is three round trips for a dead letter. A queue that somebody deletes is there again after this, or with the first message that finds none.
    private static readonly TimeSpan DeclaredFor = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(string Exchange, string RoutingKey), long> declared = [];
    private readonly SemaphoreSlim gate = new(1, 1);
    private IConnection? connection;
    private IChannel? channel;
    private TaskCompletionSource confirmed = new();
    private ulong awaited;

    /// <summary>Declares, unless it did so a moment ago, then publishes as mandatory; returns when the broker has the message in a queue.</summary>
    /// <exception cref="IOException">The broker did not take it, or no queue is bound for it.</exception>
    public async Task PublishAsync(
        Func<IChannel, CancellationToken, Task> declare,
        string exchange,
        string routingKey,
        IReadOnlyDictionary<string, string> headers,
        MessageProperties properties,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var open = await OpenAsync(cancellationToken);
            var place = (exchange, routingKey);
            if (declared.TryGetValue(place, out var at) && TimeProvider.System.GetElapsedTime(at) < DeclaredFor)
            {
                try
                {
                    await PublishAsync(open);
                    return;
                }
                catch (IOException) when (open.IsOpen)
                {
                    declared.Remove(place);
                }
            }

            await declare(open, cancellationToken);
            await PublishAsync(open);
            declared[place] = TimeProvider.System.GetTimestamp();
        }
        finally
        {
            gate.Release();
        }

        async Task PublishAsync(IChannel open)
        {
            Volatile.Write(ref awaited, await open.GetNextPublishSequenceNumberAsync(cancellationToken));
            confirmed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await open.BasicPublishAsync(exchange, routingKey, mandatory: true, properties.With(headers), body, cancellationToken);
            await confirmed.Task.WaitAsync(ConfirmTimeout, cancellationToken);
        }
    }

    /// <summary>A channel for this one use: the broker closes a channel on which it refuses something.</summary>
    public async Task UseChannelAsync(Func<IChannel, CancellationToken, Task> use, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            await using var own = await (await ConnectAsync(cancellationToken)).CreateChannelAsync(cancellationToken: cancellationToken);
            await use(own, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (channel is not null)
        {
            await channel.DisposeAsync();
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        gate.Dispose();
    }

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        if (channel is { IsOpen: true })
        {
            return channel;
        }

        declared.Clear();
        channel = await (await ConnectAsync(cancellationToken)).CreateChannelAsync(Confirmed, cancellationToken);
        channel.BasicAcksAsync += (_, confirm) => IsAwaited(confirm.DeliveryTag) ? Settle(failure: null) : Task.CompletedTask;
        channel.BasicNacksAsync += (_, refusal) => IsAwaited(refusal.DeliveryTag) ? Settle("the broker refused it") : Task.CompletedTask;
        channel.BasicReturnAsync += (_, returned) => Settle($"no queue is bound to {returned.Exchange} for {returned.RoutingKey}");
        channel.ChannelShutdownAsync += (_, shutdown) => Settle($"the channel was closed: {shutdown.ReplyText}");
        return channel;
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (connection is { IsOpen: true })
        {
            return connection;
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        return connection = await factory.CreateConnectionAsync(cancellationToken);
    }

    // A message that came back is confirmed after that, and one that nobody waits for any more may be: neither counts for the next one.
    private bool IsAwaited(ulong number) => number >= Volatile.Read(ref awaited);

    private Task Settle(string? failure)
    {
        if (failure is null)
        {
            confirmed.TrySetResult();
        }
        else
        {
            confirmed.TrySetException(new IOException($"A message could not be published: {failure}."));
        }

        return Task.CompletedTask;
    }
}
