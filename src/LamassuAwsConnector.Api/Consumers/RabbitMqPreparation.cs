using LamassuAwsConnector.Core;
using MassTransit;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>
/// Comes before the first delivery of each connection: nothing is consumed before all queues are there that a message can be put into, nor beside the
/// existing connector. At start what stands against it stops the start; with a broker that comes later it ends the process.
/// </summary>
internal sealed partial class RabbitMqPreparation(
    [FromKeyedServices(EventBusOptions.EventsSection)] RabbitMqConnection events,
    [FromKeyedServices(EventBusOptions.DeadLettersSection)] RabbitMqConnection deadLetters,
    RabbitMqTopology topology,
    ExistingConnector existing,
    IHostApplicationLifetime lifetime,
    ILogger<RabbitMqPreparation> logger) : IHostedService, IFilter<ChannelContext>
{
    private const ushort PreconditionFailed = 406;

    // A broker that is there answers at once; one that is not must not hold up health and API.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartTimeout);
        try
        {
            await PrepareAsync(patience.Token);
        }
        catch (Exception exception) when (exception is not ConnectorException && !cancellationToken.IsCancellationRequested)
        {
            Log.NoBroker(logger, exception.Message);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>On each connection of a consumer, before it consumes.</summary>
    public async Task Send(ChannelContext context, IPipe<ChannelContext> next)
    {
        try
        {
            await PrepareAsync(context.CancellationToken);
        }
        catch (ConnectorException refused)
        {
            Log.Refused(logger, refused.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
            throw;
        }

        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateScope("preparation");

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await events.UseChannelAsync(existing.CheckAsync, cancellationToken);
        await DeclareAsync(events, topology.DeclareEventsAsync, cancellationToken);
        await DeclareAsync(deadLetters, topology.DeclareDeadLettersAsync, cancellationToken);
    }

    private async Task DeclareAsync(RabbitMqConnection connection, Func<IChannel, CancellationToken, Task> declare, CancellationToken cancellationToken)
    {
        try
        {
            await connection.UseChannelAsync(declare, cancellationToken);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == PreconditionFailed)
        {
            throw new ConnectorException(
                FailureKind.Conflict,
                "queue_of_other_form",
                FailureSource.Connector,
                $"The broker has an exchange or queue that this version declares in another form: {exception.ShutdownReason.ReplyText}. "
                + $"An exchange of Lamassu has to be a durable topic without arguments. Queues that begin with {topology.Queue(Lane.Events)} are the connector's own: "
                + "stop all its replicas, save what is still in them (a shovel to another queue), delete them (rabbitmqctl delete_queue <name>) and start again.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Warning, "The broker can't be used yet: {Reason} It is tried again until it can", EventName = "broker_missing")]
        public static partial void NoBroker(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Critical, "The connector ends: {Reason}", EventName = "start_refused")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
