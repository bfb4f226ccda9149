using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.Lamassu;

/// <summary>
/// Lamassu's three services as the connector uses them, with the answers made unambiguous that Lamassu leaves ambiguous. Every method throws
/// <see cref="ConnectorException"/>: <see cref="FailureKind.NotFound"/> for an object that is not there, <see cref="FailureKind.Unavailable"/> when
/// Lamassu is away, <see cref="FailureKind.Denied"/> when it refuses us.
/// </summary>
internal sealed class LamassuClient(ICAApi ca, IDeviceManagerApi deviceManager, IDmsManagerApi dmsManager)
{
    // Serial numbers are 40 digits at most; a page of this many keeps the filter well below the usual 8 KB limit of a URL.
    private const int CertificatesPerQuery = 50;

    // A device is some 3 KB of JSON, and its history grows.
    private const int DevicesPerPage = 100;

    // A CA is some 4 KB of JSON.
    private const int CAsPerPage = 100;

    // A DMS is some 10 KB of JSON; Lamassu cuts an answer off after 10 s.
    private const int DmsPerPage = 25;

    /// <summary>Asks each service whether it runs: by its name, the failure, or null when it answered. Ends by the token with what is known then.</summary>
    public async Task<IReadOnlyDictionary<string, ConnectorException?>> GetHealthAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var asked = new Dictionary<string, Task<ConnectorException?>>
        {
            ["ca"] = AskAsync(ca.GetHealthAsync(cancellationToken)),
            ["device-manager"] = AskAsync(deviceManager.GetHealthAsync(cancellationToken)),
            ["dms-manager"] = AskAsync(dmsManager.GetHealthAsync(cancellationToken)),
        };
        var answers = new Dictionary<string, ConnectorException?>();
        foreach (var (service, answer) in asked)
        {
            answers[service] = await answer;
        }

        return answers;

        async Task<ConnectorException?> AskAsync(Task answer)
        {
            try
            {
                await answer;
                return null;
            }
            catch (ConnectorException failure)
            {
                // A gateway that does not lead to the route has still answered.
                return failure.Kind == FailureKind.NotFound ? null : failure;
            }
            catch (OperationCanceledException exception)
            {
                return new ConnectorException(
                    FailureKind.Unavailable, "lamassu_timeout", FailureSource.Lamassu, $"Lamassu did not answer within {timeout.TotalSeconds} s.", exception);
            }
        }
    }

    public Task<CACertificate> GetCAAsync(string caId, CancellationToken cancellationToken) => ca.GetCAAsync(caId, cancellationToken);

    /// <summary>All CAs, as they are while they are listed: there is no other way to those that carry our notes, since Lamassu filters no CAs by metadata.</summary>
    public async IAsyncEnumerable<CACertificate> ListCAsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? bookmark = null;
        do
        {
            var page = await ca.ListCAsAsync(CAsPerPage, "id", bookmark, cancellationToken);
            foreach (var authority in page.List ?? [])
            {
                yield return authority;
            }

            bookmark = page.Next;
        }
        while (bookmark is { Length: > 0 });
    }

    public Task<CACertificate> UpdateCAMetadataAsync(string caId, MetadataPatch patch, CancellationToken cancellationToken) =>
        ca.UpdateCAMetadataAsync(caId, patch, cancellationToken);

    /// <summary>Not to be repeated blindly: each call issues a certificate.</summary>
    public Task<Certificate> SignCertificateAsync(string caId, SignCertificateRequest request, CancellationToken cancellationToken) =>
        ca.SignCertificateAsync(caId, request, cancellationToken);

    public Task<Certificate> GetCertificateAsync(string serialNumber, CancellationToken cancellationToken) =>
        ca.GetCertificateAsync(serialNumber, cancellationToken);

    /// <summary>The certificates with these serial numbers that are in Lamassu, in no order.</summary>
    public async Task<IReadOnlyList<Certificate>> ListCertificatesAsync(IReadOnlyCollection<string> serialNumbers, CancellationToken cancellationToken)
    {
        var found = new List<Certificate>();
        foreach (var serials in serialNumbers.Chunk(CertificatesPerQuery))
        {
            var page = await ca.ListCertificatesAsync(
                $"serial_number[in]{string.Join(',', serials)}", serials.Length, "serial_number", cancellationToken);

            // Lamassu drops a filter that it does not understand and lists everything.
            found.AddRange((page.List ?? []).Where(certificate => serials.Contains(certificate.SerialNumber, StringComparer.Ordinal)));
        }

        return found;
    }

    public Task<Certificate> UpdateCertificateMetadataAsync(string serialNumber, MetadataPatch patch, CancellationToken cancellationToken) =>
        ca.UpdateCertificateMetadataAsync(serialNumber, patch, cancellationToken);

    public Task<Certificate> RevokeCertificateAsync(string serialNumber, string reason, CancellationToken cancellationToken) =>
        ca.UpdateCertificateStatusAsync(serialNumber, new UpdateCertificateStatusRequest("REVOKED", reason), cancellationToken);

    public Task<Device> GetDeviceAsync(string deviceId, CancellationToken cancellationToken) => deviceManager.GetDeviceAsync(deviceId, cancellationToken);

    /// <summary>
    /// A page of a DMS's devices, by id. Lamassu's bookmarks are offsets: a device that is deleted between two pages hides another one at their border.
    /// </summary>
    /// <param name="bookmark">The <c>next</c> of the page before; null: the first page.</param>
    public Task<ListPage<Device>> ListDevicesAsync(string dmsId, string? bookmark, CancellationToken cancellationToken) =>
        deviceManager.ListDevicesAsync(dmsId, DevicesPerPage, "id", bookmark, cancellationToken);

    public async Task<Device> UpdateDeviceMetadataAsync(string deviceId, MetadataPatch patch, CancellationToken cancellationToken)
    {
        try
        {
            return await deviceManager.UpdateDeviceMetadataAsync(deviceId, patch, cancellationToken);
        }
        catch (ConnectorException exception) when (exception.Code == LamassuErrors.WithoutText)
        {
            // 500 {} stands for "no such device" too: reading it again tells, and throws NotFound then.
            await deviceManager.GetDeviceAsync(deviceId, cancellationToken);
            throw;
        }
    }

    public Task<Dms> GetDmsAsync(string dmsId, CancellationToken cancellationToken) =>
        OfDmsAsync(dmsId, () => dmsManager.GetDmsAsync(dmsId, cancellationToken), cancellationToken);

    /// <summary>The DMS with every member that Lamassu has. Holds secrets of webhooks: never to be logged.</summary>
    public Task<JsonObject> GetWholeDmsAsync(string dmsId, CancellationToken cancellationToken) =>
        OfDmsAsync(dmsId, () => dmsManager.GetWholeDmsAsync(dmsId, cancellationToken), cancellationToken);

    /// <summary>Replaces the DMS, whoever changed it since it was read.</summary>
    /// <param name="dms">As <see cref="GetWholeDmsAsync"/> gave it, with the change.</param>
    public Task PutDmsAsync(JsonObject dms, CancellationToken cancellationToken)
    {
        var dmsId = dms["id"]?.GetValue<string>() ?? "";
        return OfDmsAsync(dmsId, () => dmsManager.PutDmsAsync(dmsId, dms, cancellationToken), cancellationToken);
    }

    /// <summary>All DMSs, as they are while they are listed.</summary>
    public async Task<IReadOnlyList<Dms>> ListDmsAsync(CancellationToken cancellationToken)
    {
        var found = new List<Dms>();
        string? bookmark = null;
        do
        {
            var page = await dmsManager.ListDmsAsync(DmsPerPage, "id", bookmark, cancellationToken);
            found.AddRange(page.List ?? []);
            bookmark = page.Next;
        }
        while (bookmark is { Length: > 0 });

        return found;
    }

    private async Task<T> OfDmsAsync<T>(string dmsId, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (ConnectorException exception) when (exception.Code == LamassuErrors.WithoutText)
        {
            // 500 {} stands for "no such DMS" too; a list with a filter tells, and is empty then.
            var page = await dmsManager.ListDmsAsync($"id[eq]{dmsId}", cancellationToken);
            if (page.List?.Any(dms => dms.Id == dmsId) == true)
            {
                throw;
            }

            throw new ConnectorException(FailureKind.NotFound, "not_found", FailureSource.Lamassu, $"There is no DMS {dmsId} in Lamassu.", exception);
        }
    }
}
