using System.Collections.Concurrent;
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
    private const string ReceiptHeader = "lamassu_aws_connector_receipt";

    // Bounded, as nobody empties it; the log has each letter too.
    private const int MaxDeadLetters = 1000;

    private readonly ConcurrentDictionary<string, TaskCompletionSource<EventEnd>> receipts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<DeadLetter> deadLetters = new();
    private readonly Uri queue = new($"queue:{EventBus.QueueName(options.Value.ConnectorId)}");

    public IReadOnlyCollection<DeadLetter> DeadLetters => deadLetters;

    public async Task<EventEnd> PublishAsync(
        ReadOnlyMemory<byte> body, string routingKey, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        if (routes.Find(routingKey) is null)
        {
            return new EventEnd("ignored", Code: null, Reason: null, Deliveries: 0);
        }

        var receipt = Guid.NewGuid().ToString("N");
        var end = new TaskCompletionSource<EventEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        receipts[receipt] = end;
        await SendAsync(body, new Dictionary<string, string>(headers) { [ReceiptHeader] = receipt, [ReceivedEvent.RoutingKeyHeader] = routingKey }, cancellationToken);
        return await end.Task.WaitAsync(cancellationToken);
    }

    public Task DeliverLaterAsync(ReceivedEvent received, IReadOnlyDictionary<string, string> headers, TimeSpan delay, CancellationToken cancellationToken)
    {
        _ = SendLaterAsync(received.Body, headers, delay);
        return Task.CompletedTask;
    }

    public Task DeadLetterAsync(ReceivedEvent received, DeadLetter letter, CancellationToken cancellationToken)
    {
        deadLetters.Enqueue(letter);
        while (deadLetters.Count > MaxDeadLetters)
        {
            deadLetters.TryDequeue(out _);
        }

        return Task.CompletedTask;
    }

    public void Ended(ReceivedEvent received, EventEnd end)
    {
        if (received.Headers.TryGetValue(ReceiptHeader, out var receipt) && receipts.TryRemove(receipt, out var waiting))
        {
            waiting.TrySetResult(end);
        }
    }

    private async Task SendLaterAsync(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, timeProvider, lifetime.ApplicationStopping);
            await SendAsync(body, headers, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
            Log.LostAtExit(logger, headers.GetValueOrDefault(ReceivedEvent.RoutingKeyHeader));
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        var endpoint = await services.GetRequiredService<IBus>().GetSendEndpoint(queue);
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
