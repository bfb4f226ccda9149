using LamassuAwsConnector.Core;
using MassTransit;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>The consumer on the queue of each lane.</summary>
internal sealed class EventLanes(IReceiveEndpointConnector connector, IOptions<ConnectorOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var lane in Lanes.All)
        {
            Connect(lane);
        }

        return Task.CompletedTask;
    }

    // The bus ends what is connected to it.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
