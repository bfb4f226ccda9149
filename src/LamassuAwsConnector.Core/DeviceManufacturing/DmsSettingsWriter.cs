using System.Text.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <param name="Note">Its settings for this connector.</param>
/// <param name="Changed">The DMS was written.</param>
internal sealed record WrittenDms(Dms Dms, ConnectorMetadata Note, bool Changed);

/// <summary>
/// Writes what a person asks for to the settings that a DMS has for this connector. Lamassu takes a whole DMS only and knows no versions: everything else
/// is sent back as it was read, and the DMS is read again to see whether somebody else wrote at the same time.
/// </summary>
internal sealed partial class DmsSettingsWriter(LamassuClient lamassu, LamassuMemory memory, MetadataDialects dialects, ILogger<DmsSettingsWriter> logger)
{
    // Each round is a writer who came between; more than a few at once is no person at a dashboard.
    private const int MaxRounds = 4;

    /// <summary>Afterwards the DMS's settings for this connector are as the change makes them. Without a write when they are already.</summary>
    /// <param name="dmsId">The DMS.</param>
    /// <param name="change">Changes the settings in place, in their dialect; called again when somebody else has changed them meanwhile.</param>
    /// <exception cref="ConnectorException">
    /// NotFound; what the change throws, before anything is written; Unavailable when others keep writing.
    /// </exception>
    public async Task<WrittenDms> ChangeAsync(string dmsId, Action<ConnectorMetadata> change, CancellationToken cancellationToken)
    {
        var dms = await ReadAsync(dmsId, cancellationToken);
        for (var round = 0; round < MaxRounds; round++)
        {
            var note = dialects.Find(dms["metadata"] as JsonObject, $"DMS {dmsId}");
            var wanted = note is null
                ? new ConnectorMetadata(dialects.Default, dialects.KeyOf(dialects.Default), [], HasBothKeys: false)
                : note with { Value = note.Value.DeepClone().AsObject() };
            change(wanted);
            if (note is not null && JsonNode.DeepEquals(note.Value, wanted.Value))
            {
                return new WrittenDms(dms.Deserialize<Dms>()!, wanted, Changed: round > 0);
            }

            if (round > 0)
            {
                Log.ChangedByOthers(logger, dmsId, round);
            }

            if (dms["metadata"] is not JsonObject metadata)
            {
                dms["metadata"] = metadata = [];
            }

            metadata[wanted.Key] = wanted.Value;
            await lamassu.PutDmsAsync(dms, cancellationToken);
            memory.ForgetDms(dmsId);
            dms = await ReadAsync(dmsId, cancellationToken);
        }

        throw new ConnectorException(
            FailureKind.Unavailable,
            "dms_changing",
            FailureSource.Lamassu,
            $"The settings of DMS {dmsId} are changed by somebody else at the same time, again and again; ask once more when that has ended.");
    }

    // Lamassu overwrites the DMS that the body names, so it has to be the one that was asked for.
    private async Task<JsonObject> ReadAsync(string dmsId, CancellationToken cancellationToken)
    {
        var dms = await lamassu.GetWholeDmsAsync(dmsId, cancellationToken);
        return dms.Text("id") == dmsId
            ? dms
            : throw new ConnectorException(FailureKind.Unexpected, "dms_id_differs", FailureSource.Lamassu, $"Lamassu answered with another DMS than {dmsId}.");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "The settings of DMS {DmsId} were changed by somebody else while they were written; they are written once more on top of that ({Round})")]
        public static partial void ChangedByOthers(ILogger logger, string dmsId, int round);
    }
}
