using System.Collections.Concurrent;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Api.Consumers;
using Microsoft.Extensions.DependencyInjection;

namespace LamassuAwsConnector.Tests.Consumers;

/// <summary>Stands before the real handlers: sees what they throw, and can take the place of one.</summary>
internal sealed class HandlerWatch
{
    private static readonly string[] OwnTypes = [FleetTypes.WalkDevices, FleetTypes.WorkOnDevice, FleetTypes.LeaveJitp];

    private readonly ConcurrentQueue<Exception> thrown = new();
    private readonly ConcurrentDictionary<string, Func<CloudEvent, Task<EventOutcome>?>> instead = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Exception> Thrown => thrown;

    /// <param name="type">Of the events.</param>
    /// <param name="handle">null: the real one handles this event.</param>
    public void Replace(string type, Func<CloudEvent, Task<EventOutcome>?> handle) => instead[type] = handle;

    public void AddTo(IServiceCollection services)
    {
        var real = services.Last(service => service.ServiceType == typeof(EventRoutes)).ImplementationFactory!;
        services.AddSingleton(provider =>
        {
            var routes = (EventRoutes)real(provider);
            return new EventRoutes(
                routes.Types.Concat(OwnTypes).Where(type => routes.Find(type) is not null).ToDictionary(type => type, type => Watched(type, routes.Find(type)!)),
                [.. routes.Types.Where(routes.IsTriedWithoutEnd)],
                [.. routes.Types.Where(routes.IsHandledWhoeverCaused)]);
        });
    }

    private HandleEvent Watched(string type, HandleEvent handle) => async (cloudEvent, delivery, cancellationToken) =>
    {
        try
        {
            return instead.TryGetValue(type, out var replacement) && replacement(cloudEvent) is { } outcome
                ? await outcome
                : await handle(cloudEvent, delivery, cancellationToken);
        }
        catch (Exception exception)
        {
            thrown.Enqueue(exception);
            throw;
        }
    };
}

/// <summary>A bus on which each message is delivered once: what is to be delivered later ends so, and work for a fleet is not begun.</summary>
internal sealed class OneDeliveryBus : IEventBus
{
    private readonly ConcurrentDictionary<ReceivedEvent, EventEnd> ends = new(ReferenceEqualityComparer.Instance);

    public EventEnd EndOf(ReceivedEvent received) => ends[received];

    public Task DeliverLaterAsync(ReceivedEvent received, IReadOnlyDictionary<string, string> headers, TimeSpan delay, CancellationToken cancellationToken)
    {
        ends[received] = new EventEnd("later", Code: null, Reason: null, Deliveries: 1);
        return Task.CompletedTask;
    }

    public Task DeadLetterAsync(ReceivedEvent received, DeadLetter letter, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SendToFleetQueueAsync(
        ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, ReceivedEvent? cause, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public void Ended(ReceivedEvent received, EventEnd end) => ends[received] = end;
}
