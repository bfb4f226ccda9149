using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;
using Refit;

namespace LamassuAwsConnector.Core.Lamassu;

internal interface ICAApi
{
    [Get("/health")]
    Task<string> GetHealthAsync(CancellationToken cancellationToken);

    [Get("/v1/cas/{caId}")]
    Task<CACertificate> GetCAAsync(string caId, CancellationToken cancellationToken);

    /// <param name="bookmark">null: the first page. The sort has to be said with each page, or Lamassu forgets it.</param>
    [Get("/v1/cas")]
    Task<ListPage<CACertificate>> ListCAsAsync(
        [AliasAs("page_size")] int pageSize, [AliasAs("sort_by")] string sortBy, string? bookmark, CancellationToken cancellationToken);

    [Put("/v1/cas/{caId}/metadata")]
    Task<CACertificate> UpdateCAMetadataAsync(string caId, [Body] MetadataPatch patch, CancellationToken cancellationToken);

    [Post("/v1/cas/{caId}/certificates/sign")]
    Task<Certificate> SignCertificateAsync(string caId, [Body] SignCertificateRequest request, CancellationToken cancellationToken);

    [Get("/v1/certificates/{serialNumber}")]
    Task<Certificate> GetCertificateAsync(string serialNumber, CancellationToken cancellationToken);

    [Get("/v1/certificates")]
    Task<ListPage<Certificate>> ListCertificatesAsync(
        string filter, [AliasAs("page_size")] int pageSize, [AliasAs("sort_by")] string sortBy, CancellationToken cancellationToken);

    [Put("/v1/certificates/{serialNumber}/metadata")]
    Task<Certificate> UpdateCertificateMetadataAsync(string serialNumber, [Body] MetadataPatch patch, CancellationToken cancellationToken);

    [Put("/v1/certificates/{serialNumber}/status")]
    Task<Certificate> UpdateCertificateStatusAsync(string serialNumber, [Body] UpdateCertificateStatusRequest request, CancellationToken cancellationToken);
}

internal interface IDeviceManagerApi
{
    [Get("/health")]
    Task<string> GetHealthAsync(CancellationToken cancellationToken);

    [Get("/v1/devices/{deviceId}")]
    Task<Device> GetDeviceAsync(string deviceId, CancellationToken cancellationToken);

    /// <param name="bookmark">null: the first page. The sort has to be said with each page, or Lamassu forgets it.</param>
    [Get("/v1/devices/dms/{dmsId}")]
    Task<ListPage<Device>> ListDevicesAsync(
        string dmsId, [AliasAs("page_size")] int pageSize, [AliasAs("sort_by")] string sortBy, string? bookmark, CancellationToken cancellationToken);

    [Put("/v1/devices/{deviceId}/metadata")]
    Task<Device> UpdateDeviceMetadataAsync(string deviceId, [Body] MetadataPatch patch, CancellationToken cancellationToken);
}

internal interface IDmsManagerApi
{
    [Get("/health")]
    Task<string> GetHealthAsync(CancellationToken cancellationToken);

    [Get("/v1/dms/{dmsId}")]
    Task<Dms> GetDmsAsync(string dmsId, CancellationToken cancellationToken);

    [Get("/v1/dms/{dmsId}")]
    Task<JsonObject> GetWholeDmsAsync(string dmsId, CancellationToken cancellationToken);

    /// <param name="dms">The whole DMS: what is left out becomes empty. Its <c>id</c> says which DMS is overwritten, the path's is not looked at.</param>
    [Put("/v1/dms/{dmsId}")]
    Task<JsonObject> PutDmsAsync(string dmsId, [Body] JsonObject dms, CancellationToken cancellationToken);

    [Get("/v1/dms")]
    Task<ListPage<Dms>> ListDmsAsync(string filter, CancellationToken cancellationToken);

    /// <param name="bookmark">null: the first page. The sort has to be said with each page, or Lamassu forgets it.</param>
    [Get("/v1/dms")]
    Task<ListPage<Dms>> ListDmsAsync(
        [AliasAs("page_size")] int pageSize, [AliasAs("sort_by")] string sortBy, string? bookmark, CancellationToken cancellationToken);
}
