using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LamassuAwsConnector.Api.DeadLetters;

/// <summary>
/// The queue of dead letters in the hands of one caller, on a connection of its own. The lock is a queue that belongs to the connection; when that is
/// lost, the broker frees the lock and puts back the letters.
/// </summary>
internal sealed class RabbitMqDeadLetterQueue : IAsyncDisposable
{
    private const ushort NotFound = 404;
    private const ushort ResourceLocked = 405;

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(100);

    // The broker takes letters back within milliseconds, after it has answered.
    private static readonly TimeSpan BackPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan BackPatience = TimeSpan.FromSeconds(2);

    private readonly IConnection connection;
    private readonly string queue;
    private readonly TimeProvider timeProvider;

    private RabbitMqDeadLetterQueue(IConnection connection, string queue, TimeProvider timeProvider)
    {
        this.connection = connection;
        this.queue = queue;
        this.timeProvider = timeProvider;
    }

    /// <returns>null when somebody else has it and does not let go in time.</returns>
    public static async Task<RabbitMqDeadLetterQueue?> OpenAsync(
        ConnectionFactory broker, string queue, TimeSpan patience, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var opened = new RabbitMqDeadLetterQueue(await broker.CreateConnectionAsync(cancellationToken), queue, timeProvider);
        try
        {
            var start = timeProvider.GetTimestamp();
            while (!await opened.TryLockAsync(cancellationToken))
            {
                if (timeProvider.GetElapsedTime(start) >= patience)
                {
                    await opened.DisposeAsync();
                    return null;
                }

                await Task.Delay(LockPause, timeProvider, cancellationToken);
            }

            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Shows letters to <paramref name="take"/>, the oldest first, at most as many as were there at the beginning. Those that it does not take are put back.
    /// </summary>
    /// <param name="mayLook">Whether there is room for one more.</param>
    /// <param name="take">Returns true when the letter is to be taken out of the queue.</param>
    /// <param name="cancellationToken">Ends it; all letters in hand go back.</param>
    /// <returns>How many are left, and how many of them were not looked at.</returns>
    public async Task<(long Left, long Unseen)> VisitAsync(Func<bool> mayLook, Func<ReceivedLetter, Task<bool>> take, CancellationToken cancellationToken)
    {
        if (await CountAsync(connection, queue, cancellationToken) is not { } atStart)
        {
            return (0, 0);
        }

        var (held, unseen) = (0L, atStart);
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken))
        {
            ulong? lastHeld = null;
            while (unseen > 0 && mayLook())
            {
                if (await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is not { } message)
                {
                    // Somebody took some by other means.
                    unseen = 0;
                    break;
                }

                unseen--;
                if (await take(RabbitMqLetter.Of(message)))
                {
                    await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
                }
                else
                {
                    held++;
                    lastHeld = message.DeliveryTag;
                }
            }

            if (lastHeld is { } tag)
            {
                await channel.BasicNackAsync(tag, multiple: true, requeue: true, cancellationToken);
            }

            // Answered when the broker has read the acknowledgements before it.
            await channel.CloseAsync(cancellationToken);
        }

        await WhenBackAsync(held + unseen, cancellationToken);
        return (held + unseen, unseen);
    }

    public static async Task<long?> CountAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        return await CountAsync(channel, queue, cancellationToken);
    }

    /// <param name="channel">Not to be used afterwards when there is no queue.</param>
    /// <param name="queue">Its name.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <returns>null when there is no queue.</returns>
    public static async Task<long?> CountAsync(IChannel channel, string queue, CancellationToken cancellationToken)
    {
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == NotFound)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<bool> TryLockAsync(CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await channel.QueueDeclareAsync($"{queue}.lock", durable: false, exclusive: true, autoDelete: false, cancellationToken: cancellationToken);
            return true;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == ResourceLocked)
        {
            return false;
        }
    }

    // The next call would find fewer letters than there are, and take that for the whole.
    private async Task WhenBackAsync(long expected, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        while (await CountAsync(connection, queue, cancellationToken) < expected && timeProvider.GetElapsedTime(start) < BackPatience)
        {
            await Task.Delay(BackPause, timeProvider, cancellationToken);
        }
    }
}
