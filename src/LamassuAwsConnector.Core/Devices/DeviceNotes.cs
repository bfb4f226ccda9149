using System.Globalization;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>The connector's notes on devices and their certificates. Nothing is decided by them alone: others overwrite them.</summary>
internal sealed class DeviceNotes(LamassuClient lamassu, MetadataDialects dialects, TimeProvider timeProvider)
{
    private const string ThingRegistered = "thing_registered";
    private const string Error = "error";
    private const string ErrorTime = "error_time";
    private const string Arn = "arn";

    public static bool IsRegistered(ConnectorMetadata? note) => note?.Value.Flag(ThingRegistered) == true;

    /// <summary>Notes the registration and takes an earlier error back.</summary>
    /// <returns>The device as Lamassu has it now; null when the note was there already.</returns>
    public async Task<Device?> RecordRegistrationAsync(string deviceId, ConnectorMetadata? note, MetadataDialect dialect, CancellationToken cancellationToken)
    {
        var patch = new MetadataPatch();
        if (note is null)
        {
            patch.SetKey(dialects.KeyOf(dialect), new JsonObject { [ThingRegistered] = true });
        }
        else
        {
            if (!IsRegistered(note))
            {
                patch.Set(note.Key, ThingRegistered, true);
            }

            foreach (var member in new[] { Error, ErrorTime }.Where(note.Value.ContainsKey))
            {
                patch.Remove(note.Key, member);
            }
        }

        return patch.Operations.Count == 0 ? null : await lamassu.UpdateDeviceMetadataAsync(deviceId, patch, cancellationToken);
    }

    /// <summary>Notes why the device is not registered. Without a write when that is noted already.</summary>
    public async Task RecordErrorAsync(string deviceId, ConnectorMetadata? note, MetadataDialect dialect, string error, CancellationToken cancellationToken)
    {
        if (note?.Value.Text(Error) == error)
        {
            return;
        }

        var time = timeProvider.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var patch = note is null
            ? new MetadataPatch().SetKey(dialects.KeyOf(dialect), new JsonObject { [Error] = error, [ErrorTime] = time })
            : new MetadataPatch().Set(note.Key, Error, error).Set(note.Key, ErrorTime, time);
        await lamassu.UpdateDeviceMetadataAsync(deviceId, patch, cancellationToken);
    }

    /// <summary>Notes the ARN on the certificate: the last step of a registration, so it means that all of it is done.</summary>
    /// <returns>The certificate as Lamassu has it now; null when the ARN was there already.</returns>
    public async Task<Certificate?> RecordArnAsync(
        string serialNumber, JsonObject? certificateMetadata, MetadataDialect dialect, string arn, CancellationToken cancellationToken)
    {
        var note = dialects.Find(certificateMetadata, $"certificate {serialNumber}");
        if (note?.Value.Text(Arn) == arn)
        {
            return null;
        }

        var patch = note is null
            ? new MetadataPatch().SetKey(dialects.KeyOf(dialect), new JsonObject { [Arn] = arn })
            : new MetadataPatch().Set(note.Key, Arn, arn);
        return await lamassu.UpdateCertificateMetadataAsync(serialNumber, patch, cancellationToken);
    }
}
