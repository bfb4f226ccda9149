using System.Collections.Concurrent;
using LamassuAwsConnector.Api.DeadLetters;
using LamassuAwsConnector.Core;
using MassTransit;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>The bus without a broker: what waits or is dead is kept in the process and gone when it ends.</summary>
internal sealed partial class InMemoryEventBus(
    IServiceProvider services,
    EventRoutes routes,
    TimeProvider timeProvider,
    IHostApplicationLifetime lifetime,
    IOptions<ConnectorOptions> options,
    ILogger<InMemoryEventBus> logger) : IEventBus
{
    private const string ReceiptHeader = DeadLetterHeaders.Receipt;

    private readonly ConcurrentDictionary<string, Receipt> receipts = new(StringComparer.Ordinal);

    public KeptDeadLetters DeadLetters { get; } = new();

    public async Task<EventEnd> PublishAsync(
        ReadOnlyMemory<byte> body, string routingKey, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        if (!routes.Types.Contains(routingKey, StringComparer.Ordinal))
        {
            return new EventEnd("ignored", Code: null, Reason: null, Deliveries: 0);
        }

        var id = Guid.NewGuid().ToString("N");
        var receipt = new Receipt();
        receipts[id] = receipt;
        await SendAsync(QueueOf(Lanes.Of(routingKey)), body, new Dictionary<string, string>(headers) { [ReceiptHeader] = id, [ReceivedEvent.RoutingKeyHeader] = routingKey }, cancellationToken);
        return await receipt.End.WaitAsync(cancellationToken);
    }

    public Task DeliverLaterAsync(ReceivedEvent received, IReadOnlyDictionary<string, string> headers, TimeSpan delay, CancellationToken cancellationToken)
    {
        _ = SendLaterAsync(QueueOf(received.Lane), received.Body, headers, delay);
        return Task.CompletedTask;
    }

    public Task DeadLetterAsync(ReceivedEvent received, DeadLetter letter, CancellationToken cancellationToken)
    {
        var headers = DeadLetterHeaders.Of(received, letter, EventBus.QueueName(options.Value.ConnectorId));
        DeadLetters.Add(new ReceivedLetter(received.Body, headers, received.Properties));
        return Task.CompletedTask;
    }

    /// <summary>A dead letter once more, as if it had just come.</summary>
    public Task SendAgainAsync(ReceivedEvent received, CancellationToken cancellationToken) =>
        SendAsync(QueueOf(received.Lane), received.Body, received.Headers, cancellationToken);

    public Task SendToFleetQueueAsync(
        ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, ReceivedEvent? cause, CancellationToken cancellationToken)
    {
        if (cause?.Headers.TryGetValue(ReceiptHeader, out var id) == true && receipts.TryGetValue(id, out var receipt))
        {
            receipt.Expect();
            headers = new Dictionary<string, string>(headers) { [ReceiptHeader] = id };
        }

        return SendAsync(QueueOf(Lane.Fleet), body, headers, cancellationToken);
    }

    public void Ended(ReceivedEvent received, EventEnd end)
    {
        if (received.Headers.TryGetValue(ReceiptHeader, out var id) && receipts.TryGetValue(id, out var receipt) && receipt.Ended(received, end))
        {
            receipts.TryRemove(id, out _);
        }
    }

    private Uri QueueOf(Lane lane) => new($"queue:{Lanes.QueueName(options.Value.ConnectorId, lane)}");

    private async Task SendLaterAsync(Uri destination, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, timeProvider, lifetime.ApplicationStopping);
            await SendAsync(destination, body, headers, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
            Log.LostAtExit(logger, headers.GetValueOrDefault(ReceivedEvent.RoutingKeyHeader));
        }
    }

    private async Task SendAsync(Uri destination, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        var endpoint = await services.GetRequiredService<IBus>().GetSendEndpoint(destination);
        await endpoint.Send(
            ReceivedEvent.Of(body, headers),
            context =>
            {
                context.Serializer = new RawEventSerialization().CreateSerializer();
                foreach (var (name, value) in headers)
                {
                    context.Headers.Set(name, value);
                }
            },
            cancellationToken);
    }

    /// <summary>For whoever published a message: it has ended when all that its handling sent has ended too.</summary>
    private sealed class Receipt
    {
        private readonly TaskCompletionSource<EventEnd> whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock gate = new();
        private int expected = 1;
        private EventEnd? own;
        private EventEnd? failed;

        public Task<EventEnd> End => whole.Task;

        public void Expect()
        {
            lock (gate)
            {
                expected++;
            }
        }

        /// <returns>true when nothing is expected any more.</returns>
        public bool Ended(ReceivedEvent received, EventEnd end)
        {
            lock (gate)
            {
                own = received.Lane == Lane.Fleet ? own : end;
                failed ??= end.Code is null ? null : end;
                if (--expected > 0)
                {
                    return false;
                }

                whole.TrySetResult(failed ?? own!);
                return true;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The process ends while an event {RoutingKey} waits for its next delivery; without a broker it is lost")]
        public static partial void LostAtExit(ILogger logger, string? routingKey);
    }
}
