using System.Text.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.DryRuns;

/// <summary>Answers writes with what Lamassu holds.</summary>
internal sealed class RecordingCAApi(CallPlan plan, ICAApi lamassu) : ICAApi
{
    public Task<string> GetHealthAsync(CancellationToken cancellationToken) => lamassu.GetHealthAsync(cancellationToken);

    public Task<CACertificate> GetCAAsync(string caId, CancellationToken cancellationToken) => lamassu.GetCAAsync(caId, cancellationToken);

    public Task<ListPage<CACertificate>> ListCAsAsync(int pageSize, string sortBy, string? bookmark, CancellationToken cancellationToken) =>
        lamassu.ListCAsAsync(pageSize, sortBy, bookmark, cancellationToken);

    public Task<Certificate> GetCertificateAsync(string serialNumber, CancellationToken cancellationToken) =>
        lamassu.GetCertificateAsync(serialNumber, cancellationToken);

    public Task<ListPage<Certificate>> ListCertificatesAsync(string filter, int pageSize, string sortBy, CancellationToken cancellationToken) =>
        lamassu.ListCertificatesAsync(filter, pageSize, sortBy, cancellationToken);

    public Task<CACertificate> UpdateCAMetadataAsync(string caId, MetadataPatch patch, CancellationToken cancellationToken)
    {
        plan.Lamassu("PUT /v1/cas/{id}/metadata", caId, Patches.Of(patch));
        return lamassu.GetCAAsync(caId, cancellationToken);
    }

    /// <summary>In place of the certificate that Lamassu would issue comes the CA's own: it can be read, and nothing is proved by it.</summary>
    public async Task<Certificate> SignCertificateAsync(string caId, SignCertificateRequest request, CancellationToken cancellationToken)
    {
        plan.Lamassu("POST /v1/cas/{id}/certificates/sign", caId);
        var ca = await lamassu.GetCAAsync(caId, cancellationToken);
        return (ca.Certificate ?? new Certificate()) with { SerialNumber = "(of the certificate that is signed)" };
    }

    public Task<Certificate> UpdateCertificateMetadataAsync(string serialNumber, MetadataPatch patch, CancellationToken cancellationToken)
    {
        plan.Lamassu("PUT /v1/certificates/{sn}/metadata", serialNumber, Patches.Of(patch));
        return lamassu.GetCertificateAsync(serialNumber, cancellationToken);
    }

    public Task<Certificate> UpdateCertificateStatusAsync(string serialNumber, UpdateCertificateStatusRequest request, CancellationToken cancellationToken)
    {
        plan.Lamassu("PUT /v1/certificates/{sn}/status", serialNumber, JsonSerializer.SerializeToNode(request));
        return Task.FromResult(new Certificate { SerialNumber = serialNumber, Status = request.Status });
    }
}

/// <inheritdoc cref="RecordingCAApi"/>
internal sealed class RecordingDeviceManagerApi(CallPlan plan, IDeviceManagerApi lamassu) : IDeviceManagerApi
{
    public Task<string> GetHealthAsync(CancellationToken cancellationToken) => lamassu.GetHealthAsync(cancellationToken);

    public Task<Device> GetDeviceAsync(string deviceId, CancellationToken cancellationToken) => lamassu.GetDeviceAsync(deviceId, cancellationToken);

    public Task<ListPage<Device>> ListDevicesAsync(string dmsId, int pageSize, string sortBy, string? bookmark, CancellationToken cancellationToken) =>
        lamassu.ListDevicesAsync(dmsId, pageSize, sortBy, bookmark, cancellationToken);

    public Task<Device> UpdateDeviceMetadataAsync(string deviceId, MetadataPatch patch, CancellationToken cancellationToken)
    {
        plan.Lamassu("PUT /v1/devices/{id}/metadata", deviceId, Patches.Of(patch));
        return lamassu.GetDeviceAsync(deviceId, cancellationToken);
    }
}

/// <summary>Holds what would be written to a DMS, as it is read again to see whether the write has stayed.</summary>
internal sealed class RecordingDmsManagerApi(CallPlan plan, IDmsManagerApi lamassu) : IDmsManagerApi
{
    private readonly Dictionary<string, JsonObject> written = new(StringComparer.Ordinal);

    public Task<string> GetHealthAsync(CancellationToken cancellationToken) => lamassu.GetHealthAsync(cancellationToken);

    public async Task<Dms> GetDmsAsync(string dmsId, CancellationToken cancellationToken) => written.TryGetValue(dmsId, out var dms)
        ? dms.Deserialize<Dms>()!
        : await lamassu.GetDmsAsync(dmsId, cancellationToken);

    public async Task<JsonObject> GetWholeDmsAsync(string dmsId, CancellationToken cancellationToken) => written.TryGetValue(dmsId, out var dms)
        ? dms.DeepClone().AsObject()
        : await lamassu.GetWholeDmsAsync(dmsId, cancellationToken);

    public async Task<JsonObject> PutDmsAsync(string dmsId, JsonObject dms, CancellationToken cancellationToken)
    {
        // The rest of a DMS holds secrets of webhooks, and is sent as it was read.
        var before = (await GetWholeDmsAsync(dmsId, cancellationToken))["metadata"] as JsonObject ?? [];
        var after = dms["metadata"] as JsonObject ?? [];
        var changed = after.Select(member => member.Key).Union(before.Select(member => member.Key))
            .Where(key => !JsonNode.DeepEquals(before[key], after[key])).ToList();
        plan.Lamassu("PUT /v1/dms/{id}", dmsId, Of(after, changed), Of(before, changed));
        written[dmsId] = dms.DeepClone().AsObject();
        return dms;
    }

    public Task<ListPage<Dms>> ListDmsAsync(string filter, CancellationToken cancellationToken) => lamassu.ListDmsAsync(filter, cancellationToken);

    public Task<ListPage<Dms>> ListDmsAsync(int pageSize, string sortBy, string? bookmark, CancellationToken cancellationToken) =>
        lamassu.ListDmsAsync(pageSize, sortBy, bookmark, cancellationToken);

    private static JsonObject Of(JsonObject metadata, IEnumerable<string> keys) =>
        new(keys.Select(key => KeyValuePair.Create(key, metadata[key]?.DeepClone())));
}

internal static class Patches
{
    public static JsonNode? Of(MetadataPatch patch) => JsonSerializer.SerializeToNode(patch.Operations);
}
