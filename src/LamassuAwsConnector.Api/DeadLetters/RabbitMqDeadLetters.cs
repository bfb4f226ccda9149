using System.Globalization;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Core;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LamassuAwsConnector.Api.DeadLetters;

/// <summary>The letters in the connector's queue on the broker; where events and dead letters have brokers of their own, on both.</summary>
/// <param name="brokers">That of the events comes first.</param>
/// <param name="connectorId">Names the queues.</param>
/// <param name="limits">Of each call.</param>
/// <param name="timeProvider">For pauses.</param>
internal sealed class RabbitMqDeadLetters(IReadOnlyList<ConnectionFactory> brokers, string connectorId, DeadLetterLimits limits, TimeProvider timeProvider)
    : IDeadLetterStore, IAsyncDisposable
{
    // Each look counts as a delivery of each letter, and RabbitMQ 4 drops a message after twenty where no number is said.
    private const long NoDeliveryLimit = 1_000_000_000;

    private readonly string queue = $"{EventBus.QueueName(connectorId)}.dead-letters";
    private readonly IReadOnlyList<RabbitMqConnection> connections = [.. brokers.Select(broker => new RabbitMqConnection(broker))];

    public static Dictionary<string, object?> QueueArguments() => new() { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = NoDeliveryLimit };

    public static IReadOnlyList<ConnectionFactory> Distinct(ConnectionFactory events, ConnectionFactory deadLetters)
    {
        // A connection that came back by itself would not have the letters in hand any more.
        events.AutomaticRecoveryEnabled = false;
        deadLetters.AutomaticRecoveryEnabled = false;
        return (events.HostName, events.Port, events.VirtualHost) == (deadLetters.HostName, deadLetters.Port, deadLetters.VirtualHost)
            ? [events]
            : [events, deadLetters];
    }

    public async Task<DeadLetterList> ListAsync(CancellationToken cancellationToken)
    {
        var letters = new List<DeadLetterEntry>();
        var visit = new Visit(letter =>
        {
            letters.Add(DeadLetterEntry.Of(letter));
            return Task.FromResult(false);
        });
        await VisitAsync(visit, cancellationToken);
        if (visit.Interrupted is { } interrupted)
        {
            ExceptionDispatchInfo.Throw(interrupted);
        }

        return visit.IsLocked
            ? new DeadLetterList([], Total: null, "Another call is looking at the letters just now, so none was looked at. Ask again.")
            : new DeadLetterList(letters, visit.Left, IncompleteOf(visit));
    }

    // The confirmed copy first, then the acknowledgement: the other way round a crash in between would lose the letter.
    public Task<DeadLetterRemoval> ReplayAsync(DeadLetterSelection selection, CancellationToken cancellationToken) => RemoveAsync(
        selection, letter => SendAgainAsync(letter.Again(), cancellationToken), cancellationToken);

    public Task<DeadLetterRemoval> DeleteAsync(DeadLetterSelection selection, CancellationToken cancellationToken) =>
        RemoveAsync(selection, _ => Task.CompletedTask, cancellationToken);

    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var connection in connections)
        {
            try
            {
                await connection.UseChannelAsync(
                    async (channel, cancellation) => count += await RabbitMqDeadLetterQueue.CountAsync(channel, queue, cancellation) ?? 0, cancellationToken);
            }
            catch (Exception exception) when (IsOfBroker(exception, cancellationToken))
            {
                throw Unavailable(exception);
            }
        }

        return count;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<DeadLetterRemoval> RemoveAsync(DeadLetterSelection selection, Func<ReceivedLetter, Task> act, CancellationToken cancellationToken)
    {
        var removed = 0;
        var missing = new HashSet<string>(selection.Ids ?? new HashSet<string>(), StringComparer.Ordinal);
        var visit = new Visit(async letter =>
        {
            var entry = DeadLetterEntry.Of(letter);
            if (!selection.Includes(entry))
            {
                return false;
            }

            await act(letter);
            missing.Remove(entry.Id);
            removed++;
            return true;
        });
        await VisitAsync(visit, cancellationToken);
        return visit.IsLocked
            ? throw new ConnectorException(
                FailureKind.Unavailable, "dead_letters_locked", FailureSource.Connector, "Another call is working on the dead letters just now. Ask again.")
            : new DeadLetterRemoval(removed, [.. missing.Order(StringComparer.Ordinal)], visit.Left, IncompleteOf(visit), visit.Interrupted);
    }

    private async Task VisitAsync(Visit visit, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var broker in brokers)
            {
                await using var letters = await RabbitMqDeadLetterQueue.OpenAsync(broker, queue, limits.LockPatience, timeProvider, cancellationToken);
                if (letters is null)
                {
                    visit.IsLocked = true;
                    return;
                }

                var (left, unseen) = await letters.VisitAsync(() => visit.HasRoom(limits), visit.TakeAsync, cancellationToken);
                visit.Left += left;
                visit.Unseen += unseen;
            }
        }
        catch (Exception exception) when (IsOfBroker(exception, cancellationToken))
        {
            visit.Interrupted = Unavailable(exception);
        }
        catch (OperationCanceledException exception)
        {
            visit.Interrupted = exception;
        }
    }

    private Task SendAgainAsync(ReceivedEvent letter, CancellationToken cancellationToken) => connections[0].PublishAsync(
        (_, _) => Task.CompletedTask, exchange: "", Lanes.QueueName(connectorId, letter.Lane), letter.Headers, letter.Properties, letter.Body, cancellationToken);

    private static string? IncompleteOf(Visit visit) => visit.Unseen == 0 ? null : string.Create(
        CultureInfo.InvariantCulture, $"Only the oldest {visit.Seen} letters were looked at; {visit.Unseen} more are in the queue.");

    // A broker that does not answer in time looks like a cancellation that nobody asked for.
    private static bool IsOfBroker(Exception exception, CancellationToken cancellationToken) =>
        exception is BrokerUnreachableException or OperationInterruptedException or IOException or SocketException or TimeoutException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static ConnectorException Unavailable(Exception cause) => new(
        FailureKind.Unavailable, "broker_unavailable", FailureSource.Connector, "RabbitMQ, where the dead letters lie, can't be used just now.", cause);

    private sealed class Visit(Func<ReceivedLetter, Task<bool>> take)
    {
        private long bytes;

        public int Seen { get; private set; }

        public long Left { get; set; }

        public long Unseen { get; set; }

        public bool IsLocked { get; set; }

        public Exception? Interrupted { get; set; }

        public bool HasRoom(DeadLetterLimits limits) => Seen < limits.MaxLetters && bytes < limits.MaxBytes;

        public Task<bool> TakeAsync(ReceivedLetter letter)
        {
            Seen++;
            bytes += letter.Body.Length;
            return take(letter);
        }
    }
}
