using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using FluentValidation;
using LamassuAwsConnector.Api.Problems;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.DeviceManufacturing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Endpoints;

internal static class JitpTemplateEndpoints
{
    private const string Tag = "JITP templates";

    // A page of AWS's costs one call more for each template in it, at ten calls a second.
    private const int DefaultPageSize = 25;
    private const int MaxPageSize = 100;

    public static void MapJitpTemplates(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/dms/{dmsId}/jitp-template").WithTags(Tag);
        group.MapPut("", PutJitpTemplate).Problems(
            StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge);
        group.MapGet("", GetJitpTemplate).Problems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound);
        group.MapDelete("", DeleteJitpTemplate).Problems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        routes.MapGet("/v1/jitp-templates", ListJitpTemplates).WithTags(Tag).Problems(StatusCodes.Status400BadRequest);
    }

    /// <summary>Lets AWS register the DMS's devices at their first connection</summary>
    /// <remarks>
    /// The DMS's settings in Lamassu are put into mode JITP, then policies, groups and provisioning template are made or changed in AWS, and the template is
    /// attached to the CA. 409 says why it is attached to none; the template is there all the same. Repeating the call is safe.
    /// </remarks>
    /// <param name="dmsId">The DMS's id in Lamassu.</param>
    private static async Task<Results<Ok<JitpTemplateResponse>, Created<JitpTemplateResponse>>> PutJitpTemplate(
        string dmsId,
        RequestBody<PutJitpTemplateRequest> body,
        JitpTemplateService service,
        IOptions<ConnectorOptions> options,
        CancellationToken cancellationToken)
    {
        ConnectorId.ThrowIfUnknown(body.Value.ConnectorId, options.Value);
        var command = new PutJitpTemplate(dmsId)
        {
            Enabled = body.Value.Enabled ?? true,
            AwsCACertificateId = body.Value.AwsCACertificateId?.ToLowerInvariant(),
            ProvisioningRoleArn = body.Value.ProvisioningRoleArn,
        };
        var outcome = await service.PutAsync(command, cancellationToken);
        if (outcome.Ensured is EnsureJitpTemplateOutcome.NotAttached not)
        {
            throw new ConnectorException(
                FailureKind.Conflict, not.Code, FailureSource.Aws, $"Provisioning template {not.Template.Name} is in AWS and attached to no CA: {not.Reason}");
        }

        var response = JitpTemplateResponse.Of((EnsureJitpTemplateOutcome.Ensured)outcome.Ensured, options.Value.ConnectorId, outcome.DmsChanged);
        return outcome.Ensured.Template.Change == JitpTemplateChange.Created
            ? TypedResults.Created($"/v1/dms/{Uri.EscapeDataString(dmsId)}/jitp-template", response)
            : TypedResults.Ok(response);
    }

    /// <summary>Shows the DMS's provisioning template in AWS beside what the DMS asks for</summary>
    /// <param name="dmsId">The DMS's id in Lamassu.</param>
    private static async Task<Ok<JitpTemplateViewResponse>> GetJitpTemplate(string dmsId, JitpTemplateService service, CancellationToken cancellationToken) =>
        TypedResults.Ok(JitpTemplateViewResponse.Of(await service.GetAsync(dmsId, cancellationToken)));

    /// <summary>Takes just-in-time provisioning away from the DMS</summary>
    /// <remarks>
    /// In the settings of Lamassu 3 the DMS's mode is `none` then: 204. In the documented ones it is auto, devices are registered one by one from then on: 202.
    /// The template is detached from every CA and deleted. Things that are there stay. Repeating the call is safe.
    /// </remarks>
    /// <param name="dmsId">The DMS's id in Lamassu.</param>
    private static async Task<Results<NoContent, Accepted>> DeleteJitpTemplate(
        string dmsId, JitpTemplateService service, CancellationToken cancellationToken) =>
        await service.DeleteAsync(dmsId, cancellationToken) == DeleteJitpTemplateOutcome.Leaving
            ? TypedResults.Accepted($"/v1/dms/{Uri.EscapeDataString(dmsId)}/jitp-template")
            : TypedResults.NoContent();

    /// <summary>Lists the provisioning templates of this connector in its AWS account and region</summary>
    /// <remarks>A page can be shorter than asked for, as the templates of others are left out; only a `next` that is null ends the list.</remarks>
    /// <param name="pageSize">1 to 100, 25 when left out.</param>
    /// <param name="bookmark">The `next` of the page before.</param>
    private static async Task<Ok<JitpTemplateListResponse>> ListJitpTemplates(
        JitpTemplateService service,
        CancellationToken cancellationToken,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "page_size")] string? pageSize = null,
        string? bookmark = null)
    {
        var page = await service.ListAsync(PageSize(pageSize), string.IsNullOrEmpty(bookmark) ? null : bookmark, cancellationToken);
        return TypedResults.Ok(new JitpTemplateListResponse(
            page.Next,
            [.. page.List.Select(template => new JitpTemplateListItem(template.DmsId, template.Name, template.Arn, template.Description, template.Enabled))]));
    }

    private static int PageSize(string? text) =>
        string.IsNullOrEmpty(text) ? DefaultPageSize
        : int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= MaxPageSize ? size
        : throw InvalidRequestException.Of("page_size", $"is not a number from 1 to {MaxPageSize}");
}

/// <param name="ConnectorId" example="aws-iot-prod">The id of this connector.</param>
/// <param name="Enabled">Whether AWS provisions devices by the template; true when left out.</param>
/// <param name="AwsCACertificateId">
/// The CA certificate in AWS that runs the template, 64 hexadecimal digits. Left out: as the DMS says; empty: the DMS's enrollment CA.
/// </param>
/// <param name="ProvisioningRoleArn">The IAM role in which AWS provisions. Left out: as the DMS says; empty: role JITPRole of the account.</param>
internal sealed partial record PutJitpTemplateRequest(
    string? ConnectorId,
    bool? Enabled,
    [property: JsonPropertyName("aws_ca_certificate_id")] string? AwsCACertificateId,
    string? ProvisioningRoleArn)
{
    public sealed class Validator : AbstractValidator<PutJitpTemplateRequest>
    {
        public Validator()
        {
            RuleFor(request => request.ConnectorId).MustBeGiven();
            RuleFor(request => request.AwsCACertificateId).Must(id => string.IsNullOrEmpty(id) || CertificateId().IsMatch(id))
                .OverridePropertyName("aws_ca_certificate_id").WithMessage("is no id of a CA certificate in AWS: 64 hexadecimal digits");
            RuleFor(request => request.ProvisioningRoleArn).Must(arn => string.IsNullOrEmpty(arn) || RoleArn().IsMatch(arn))
                .WithMessage("is no ARN of an IAM role, e.g. arn:aws:iam::123456789012:role/JITPRole");
        }
    }

    [GeneratedRegex(@"^[0-9a-fA-F]{64}\z")]
    private static partial Regex CertificateId();

    // https://docs.aws.amazon.com/iot/latest/apireference/API_CreateProvisioningTemplate.html: 20 to 2048 characters.
    [GeneratedRegex(@"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[^\s]{1,1900}\z")]
    private static partial Regex RoleArn();
}

/// <param name="Status"><c>created</c>, <c>changed</c> or <c>unchanged</c>, in AWS.</param>
/// <param name="DmsChanged">Whether the DMS's settings in Lamassu were written.</param>
/// <param name="TemplateName">The DMS's id, or a short name where the id is no template name.</param>
/// <param name="DefaultVersion">The version that AWS runs.</param>
/// <param name="AwsCACertificateId">The CA certificate in AWS that runs the template; null for a disabled one, which is not newly attached.</param>
/// <param name="Attachment"><c>attached</c>, <c>already_attached</c> or <c>none</c>.</param>
internal sealed record JitpTemplateResponse(
    string DmsId,
    string ConnectorId,
    string Status,
    bool DmsChanged,
    string TemplateName,
    string TemplateArn,
    int DefaultVersion,
    bool Enabled,
    string ProvisioningRoleArn,
    [property: JsonPropertyName("aws_ca_certificate_id")] string? AwsCACertificateId,
    string Attachment)
{
    public static JitpTemplateResponse Of(EnsureJitpTemplateOutcome.Ensured ensured, string connectorId, bool dmsChanged) => new(
        ensured.Template.DmsId,
        connectorId,
        ensured.Template.Change.ToString().ToLowerInvariant(),
        dmsChanged,
        ensured.Template.Name,
        ensured.Template.Arn,
        ensured.Template.DefaultVersion,
        ensured.Template.Enabled,
        ensured.Template.ProvisioningRoleArn,
        ensured.CACertificateId,
        ensured.CACertificateId is null ? "none" : ensured.NewlyAttached ? "attached" : "already_attached");
}

/// <param name="DefaultVersion">The version that AWS runs.</param>
/// <param name="TemplateBody">As AWS has it.</param>
/// <param name="CACertificates">The CA certificates in AWS that name the template.</param>
/// <param name="Requested">What the DMS asks for; null when it has no settings for this connector.</param>
/// <param name="Drift">Each difference in a sentence; empty when AWS is as the DMS asks for.</param>
internal sealed record JitpTemplateViewResponse(
    string DmsId,
    string TemplateName,
    string TemplateArn,
    string Type,
    int DefaultVersion,
    bool Enabled,
    string? Description,
    string ProvisioningRoleArn,
    JsonNode? TemplateBody,
    [property: JsonPropertyName("ca_certificates")] IReadOnlyList<JitpTemplateCAResponse> CACertificates,
    RequestedJitpTemplateResponse? Requested,
    IReadOnlyList<string> Drift)
{
    public static JitpTemplateViewResponse Of(JitpTemplateView view) => new(
        view.Template.DmsId,
        view.Template.Name,
        view.Template.Arn,
        view.Type,
        view.Template.DefaultVersion,
        view.Template.Enabled,
        view.Description,
        view.Template.ProvisioningRoleArn,
        view.Body,
        [.. view.CAs.Select(ca => new JitpTemplateCAResponse(ca.CertificateId, ca.Status, ca.AutoRegistration))],
        view.Requested is { } requested
            ? new RequestedJitpTemplateResponse(
                requested.Mode.ToString().ToLowerInvariant(), requested.Enabled, requested.AwsCACertificateId, requested.ProvisioningRoleArn)
            : null,
        view.Drift);
}

/// <param name="CertificateId">The CA certificate's id in AWS.</param>
/// <param name="Status"><c>ACTIVE</c> or <c>INACTIVE</c>.</param>
/// <param name="AutoRegistration">Whether it takes in devices by itself.</param>
internal sealed record JitpTemplateCAResponse(string CertificateId, string Status, bool AutoRegistration);

/// <param name="Mode"><c>none</c>, <c>auto</c> or <c>jitp</c>.</param>
/// <param name="AwsCACertificateId">null: that of the DMS's enrollment CA.</param>
/// <param name="ProvisioningRoleArn">null: role JITPRole of the account.</param>
internal sealed record RequestedJitpTemplateResponse(
    string Mode,
    bool Enabled,
    [property: JsonPropertyName("aws_ca_certificate_id")] string? AwsCACertificateId,
    string? ProvisioningRoleArn);

/// <param name="Next">The bookmark of the next page; null on the last one.</param>
internal sealed record JitpTemplateListResponse(string? Next, IReadOnlyList<JitpTemplateListItem> List);

/// <param name="DmsId">The DMS that the template was made for.</param>
internal sealed record JitpTemplateListItem(string DmsId, string TemplateName, string TemplateArn, string? Description, bool Enabled);
