using System.Text.Json.Serialization;
using LamassuAwsConnector.Core.CertificateAuthorities;

namespace LamassuAwsConnector.Api.Endpoints;

/// <param name="Registration">As the CA's metadata tell it; null when they say nothing of it.</param>
/// <param name="Aws">null when the CA is not registered in this account and region.</param>
/// <param name="Findings">What is wrong and what to do; empty when all is as it should be.</param>
internal sealed record CAViewResponse(
    [property: JsonPropertyName("ca_id")] string CAId,
    string ConnectorId,
    CAInLamassuResponse Lamassu,
    CARegistrationNoteResponse? Registration,
    CAInAwsResponse? Aws,
    IReadOnlyList<FindingResponse> Findings)
{
    public static CAViewResponse Of(CAView view, string connectorId) => new(
        view.CAId,
        connectorId,
        CAInLamassuResponse.Of(view.Lamassu),
        view.Note is { } note ? CARegistrationNoteResponse.Of(note) : null,
        view.Aws is { } aws ? CAInAwsResponse.Of(aws) : null,
        [.. view.Findings.Select(FindingResponse.Of)]);
}

/// <param name="Status" example="ACTIVE">As Lamassu says it.</param>
/// <param name="RevocationReason">null unless it is revoked.</param>
/// <param name="Type"><c>MANAGED</c>, <c>IMPORTED_WITH_KEY</c> or <c>IMPORTED_WITHOUT_KEY</c>.</param>
/// <param name="SerialNumber">As Lamassu prints it.</param>
/// <param name="ExpirationTime">Of the CA certificate.</param>
/// <param name="CertificateId">Its id in AWS, or what it would be: lower-case hex of the SHA-256 of the DER.</param>
internal sealed record CAInLamassuResponse(
    string? Status, string? RevocationReason, string? Type, string? SerialNumber, string? CommonName, DateTimeOffset ExpirationTime, string CertificateId)
{
    public static CAInLamassuResponse Of(CAInLamassu ca) =>
        new(ca.Status, ca.RevocationReason, ca.Type, ca.SerialNumber, ca.CommonName, ca.ExpirationTime, ca.CertificateId);
}

/// <summary>A registration as it is noted. Times and texts are as they stand in the metadata, which others can write too.</summary>
/// <param name="MetadataKey">The key, which tells the dialect.</param>
/// <param name="Status">In lower case: <c>requested</c>, <c>succeeded</c> or <c>failed</c>.</param>
/// <param name="PrimaryAccount">true: mode DEFAULT; false: SNI_ONLY.</param>
/// <param name="DeactivatedTime">The connector set the CA INACTIVE in AWS, as Lamassu shuts it out.</param>
/// <param name="RemovedTime">A person had the CA taken out of AWS.</param>
internal sealed record CARegistrationNoteResponse(
    string MetadataKey,
    string? Status,
    bool? PrimaryAccount,
    string? RequestTime,
    string? RegistrationTime,
    string? Error,
    string? Account,
    string? Region,
    string? Arn,
    string? CertificateId,
    string? DeactivatedTime,
    string? RemovedTime)
{
    public static CARegistrationNoteResponse Of(CARegistrationNote note) => new(
        note.Key,
        note.Status,
        note.PrimaryAccount,
        note.RequestTime,
        note.RegistrationTime,
        note.Error,
        note.Account,
        note.Region,
        note.Arn,
        note.CertificateId,
        note.DeactivatedTime,
        note.RemovedTime);
}

/// <param name="Status"><c>ACTIVE</c> or <c>INACTIVE</c>.</param>
/// <param name="CertificateMode"><c>DEFAULT</c> or <c>SNI_ONLY</c>.</param>
/// <param name="AutoRegistration">Whether AWS takes in devices of the CA by itself when they connect.</param>
/// <param name="Template">null when none is attached.</param>
internal sealed record CAInAwsResponse(
    string CertificateId, string Arn, string Status, string CertificateMode, bool AutoRegistration, CATemplateResponse? Template)
{
    public static CAInAwsResponse Of(CAInAws ca) => new(
        ca.CertificateId,
        ca.Arn,
        ca.Status,
        ca.CertificateMode,
        ca.AutoRegistration,
        ca.Template is { } template ? new CATemplateResponse(template.Name, template.Enabled, template.DmsId) : null);
}

/// <param name="Name">null for a template that the CA carries itself.</param>
/// <param name="Enabled">null for a template without a name, or one that is gone.</param>
/// <param name="DmsId">The DMS that it was made for by a connector; null for everybody else's.</param>
internal sealed record CATemplateResponse(string? Name, bool? Enabled, string? DmsId);
