using LamassuAwsConnector.Core;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>
/// The queue of the connector that this one takes the place of. Two connectors with one id undo each other's work; and a queue that nobody reads any more
/// grows without bound, as Lamassu's services never delete one.
/// </summary>
internal sealed partial class ExistingConnector(IOptions<ConnectorOptions> connector, IOptions<EventBusOptions> bus, ILogger<ExistingConnector> logger)
{
    private const ushort AccessRefused = 403;
    private const ushort NotFound = 404;

    private bool isChecked;

    /// <summary>As the existing connector names it: for its id every <c>aws.</c> is a hyphen.</summary>
    public static string QueueName(string connectorId) => $"#_aws-connector-{connectorId.Replace("aws.", "-", StringComparison.Ordinal)}";

    /// <param name="channel">Not to be used afterwards: the broker closes it when there is no such queue.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="ConnectorException">The existing connector is running.</exception>
    public async Task CheckAsync(IChannel channel, CancellationToken cancellationToken)
    {
        if (isChecked)
        {
            return;
        }

        var name = QueueName(connector.Value.ConnectorId);
        try
        {
            Judge(await channel.QueueDeclarePassiveAsync(name, cancellationToken));
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode is NotFound)
        {
            // Nothing to move over from.
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode is AccessRefused)
        {
            Log.NotAllowed(logger, name);
        }

        isChecked = true;
    }

    private void Judge(QueueDeclareOk queue)
    {
        if (queue.ConsumerCount > 0 && !bus.Value.AllowExistingConnector)
        {
            throw new ConnectorException(
                FailureKind.Conflict,
                "existing_connector_running",
                FailureSource.Connector,
                $"The existing AWS connector is running: its queue {queue.QueueName} has {queue.ConsumerCount} consumers. Two connectors with one id undo each "
                + "other's work. Stop it, or set subscriber_event_bus.allow_existing_connector to true.");
        }

        Log.Left(logger, queue.QueueName, queue.MessageCount, queue.ConsumerCount);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "The queue {Queue} of the existing AWS connector is still there, with {Messages} messages and {Consumers} consumers. Every event goes into it; "
            + "delete it when you will not go back: rabbitmqctl delete_queue '{Queue}'",
            EventName = "existing_connector_queue")]
        public static partial void Left(ILogger logger, string queue, uint messages, uint consumers);

        [LoggerMessage(
            2, LogLevel.Information, "The broker's user may not look whether the existing AWS connector's queue {Queue} is there", EventName = "existing_connector_unknown")]
        public static partial void NotAllowed(ILogger logger, string queue);
    }
}
