using System.Text.Json.Serialization;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.DeviceManufacturing;
using LamassuAwsConnector.Core.Lamassu.Models;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Events of DMSs. They tell which DMS, and how it was before; how it is now is read anew.</summary>
internal sealed partial class DmsEvents(DmsService dmsService, TimeProvider timeProvider, ILogger<DmsEvents> logger)
{
    public Task<EventOutcome> OnCreated(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken)
    {
        var dmsId = IdOf(cloudEvent, cloudEvent.ReadData<NamedDms>().Id);
        return ApplyAsync(new DmsChange(dmsId, Previous: null, IsNew: true, TimeOf(cloudEvent)), delivery, cancellationToken);
    }

    public Task<EventOutcome> OnUpdated(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken)
    {
        var data = cloudEvent.ReadData<DmsUpdate>();
        return ApplyAsync(new DmsChange(IdOf(cloudEvent, data.Updated?.Id), data.Previous, IsNew: false, TimeOf(cloudEvent)), delivery, cancellationToken);
    }

    public async Task<EventOutcome> OnDeleted(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken)
    {
        var dmsId = IdOf(cloudEvent, cloudEvent.ReadData<DeletedDms>().Id);
        return Outcome(dmsId, await dmsService.DeleteAsync(dmsId, cancellationToken));
    }

    private async Task<EventOutcome> ApplyAsync(DmsChange change, Delivery delivery, CancellationToken cancellationToken) =>
        Outcome(change.DmsId, await dmsService.ApplyAsync(change with { IsLastAttempt = delivery.IsLastAttempt }, cancellationToken));

    private EventOutcome Outcome(string dmsId, DmsChangeOutcome outcome)
    {
        switch (outcome)
        {
            case DmsChangeOutcome.Nothing nothing:
                Log.Ignored(logger, dmsId, nothing.Reason);
                return EventOutcome.Ignored;
            case DmsChangeOutcome.Waiting waiting:
                Log.Waiting(logger, dmsId, waiting.Reason);
                return EventOutcome.Waiting;
            default:
                return EventOutcome.Handled;
        }
    }

    private DateTimeOffset TimeOf(CloudEvent cloudEvent) => cloudEvent.Time ?? timeProvider.GetUtcNow();

    private static string IdOf(CloudEvent cloudEvent, string? dmsId) => dmsId is { Length: > 0 }
        ? dmsId
        : throw new ConnectorException(FailureKind.Invalid, "dms_missing", FailureSource.Lamassu, $"The event {cloudEvent.Type} names no DMS.");

    internal sealed record NamedDms
    {
        [JsonPropertyName("id")]
        public string? Id { get; init; }
    }

    internal sealed record DmsUpdate
    {
        [JsonPropertyName("previous")]
        public Dms? Previous { get; init; }

        [JsonPropertyName("updated")]
        public NamedDms? Updated { get; init; }
    }

    /// <summary>Delete events name the id with Go's field names.</summary>
    internal sealed record DeletedDms
    {
        [JsonPropertyName("ID")]
        public string? Id { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Nothing is done for DMS {DmsId}: {Reason}")]
        public static partial void Ignored(ILogger logger, string dmsId, string reason);

        [LoggerMessage(2, LogLevel.Warning, "The provisioning template of DMS {DmsId} waits: {Reason}")]
        public static partial void Waiting(ILogger logger, string dmsId, string reason);
    }
}
