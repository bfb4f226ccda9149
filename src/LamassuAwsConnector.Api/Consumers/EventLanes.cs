using LamassuAwsConnector.Core;
using MassTransit;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>The consumer on the queue of each lane. A lane that is paused is no part of the bus, so the bus is well without it.</summary>
internal sealed class EventLanes(IReceiveEndpointConnector connector, IOptions<ConnectorOptions> options) : IHostedService
{
    private readonly Dictionary<Lane, HostReceiveEndpointHandle> running = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Resume();
        return Task.CompletedTask;
    }

    // The bus ends what is connected to it.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Cancels the consumers; returns when what they had begun has ended. The status of certificates is not paused: a revocation is tried on.</summary>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        var paused = running.Keys.Where(lane => lane != Lane.Status).ToList();
        await Task.WhenAll(paused.Select(lane => running[lane].StopAsync(cancellationToken)));
        paused.ForEach(lane => running.Remove(lane));
    }

    public void Resume()
    {
        foreach (var lane in Lanes.All.Where(lane => !running.ContainsKey(lane)))
        {
            running[lane] = Connect(lane);
        }
    }

    private HostReceiveEndpointHandle Connect(Lane lane) => connector.ConnectReceiveEndpoint(
        Lanes.QueueName(options.Value.ConnectorId, lane),
        (context, endpoint) =>
        {
            endpoint.ConfigureConsumer<LamassuEventConsumer>(context);
            endpoint.ConcurrentMessageLimit = Lanes.Concurrency(lane);
            endpoint.PrefetchCount = 2 * Lanes.Concurrency(lane);
            if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
            {
                RabbitMq.ConfigureQueue(queue, lane, context);
            }
        });
}
