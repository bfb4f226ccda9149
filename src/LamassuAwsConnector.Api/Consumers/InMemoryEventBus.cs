using LamassuAwsConnector.Api.DeadLetters;
using LamassuAwsConnector.Core;
using MassTransit;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>The bus without a broker: what waits or is dead is kept in the process and gone when it ends.</summary>
internal sealed partial class InMemoryEventBus(
    IServiceProvider services,
    EventRoutes routes,
    EventReceipts receipts,
    TimeProvider timeProvider,
    IHostApplicationLifetime lifetime,
    IOptions<ConnectorOptions> options,
    ILogger<InMemoryEventBus> logger) : IEventBus
{
    public KeptDeadLetters DeadLetters { get; } = new();

    public Task<EventEnd> PublishAsync(
        ReadOnlyMemory<byte> body, string routingKey, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        return receipts.FollowAsync(headers, RouteAsync, cancellationToken);

        async Task<bool> RouteAsync(IReadOnlyDictionary<string, string> followed)
        {
            if (!routes.Types.Contains(routingKey, StringComparer.Ordinal))
            {
                return false;
            }

            var routed = new Dictionary<string, string>(followed) { [ReceivedEvent.RoutingKeyHeader] = routingKey };
            await SendAsync(QueueOf(Lanes.Of(routingKey)), body, routed, cancellationToken);
            return true;
        }
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
        ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, ReceivedEvent? cause, CancellationToken cancellationToken) =>
        SendAsync(QueueOf(Lane.Fleet), body, receipts.Extend(cause, headers), cancellationToken);

    public void Ended(ReceivedEvent received, EventEnd end) => receipts.Ended(received, end);

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

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The process ends while an event {RoutingKey} waits for its next delivery; without a broker it is lost")]
        public static partial void LostAtExit(ILogger logger, string? routingKey);
    }
}
