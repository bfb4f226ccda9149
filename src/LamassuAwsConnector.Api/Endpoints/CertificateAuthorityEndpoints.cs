using System.Text.Json.Serialization;
using FluentValidation;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.CertificateAuthorities;
using LamassuAwsConnector.Core.DryRuns;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Endpoints;

internal static class CertificateAuthorityEndpoints
{
    public static void MapCertificateAuthorities(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/cas/{caId}").WithTags("Certificate authorities");
        group.MapPost("/register-aws", RegisterCAWithAws);
        group.MapDelete("/register-aws", RemoveCAFromAws);
        group.MapGet("/aws", GetCAInAws);
    }

    /// <summary>Registers a Lamassu CA in this connector's AWS account and region</summary>
    /// <remarks>
    /// With `primary_account: true` the CA signs a verification certificate for AWS's registration code and is registered in mode DEFAULT, which one
    /// account per region can do. With `false` it is registered by SNI only. The result, or the reason of a failure, is written to the CA's metadata.
    /// Repeating the call is safe.
    /// With `dry_run=true` nothing is changed, and `planned_calls` lists the calls that would change something, in their order.
    /// Whether the CA's key can sign is not known then.
    /// </remarks>
    /// <param name="caId" example="metering-root">The CA's id in Lamassu.</param>
    private static async Task<Ok<CARegistrationResponse>> RegisterCAWithAws(
        string caId,
        RequestBody<RegisterCARequest> body,
        [AsParameters] DryRunQuery dryRun,
        CARegistrationService service,
        DryRunner dryRunner,
        IOptions<ConnectorOptions> options,
        CancellationToken cancellationToken)
    {
        ConnectorId.ThrowIfUnknown(body.Value.ConnectorId, options.Value);
        var command = new RegisterCA(caId) { PrimaryAccount = body.Value.PrimaryAccount };
        var (outcome, plannedCalls) = await dryRun.RunAsync(service, dryRunner, registration => registration.RegisterAsync(command, cancellationToken));
        return outcome switch
        {
            RegisterCAOutcome.Registered registered => TypedResults.Ok(Describe(registered.Registration, "registered")),
            RegisterCAOutcome.AlreadyRegistered already => TypedResults.Ok(Describe(already.Registration, "already_registered")),
            RegisterCAOutcome.Failed failed => throw failed.Failure,
            _ => throw new InvalidOperationException($"A registration that was asked for ended as {outcome.GetType().Name}."),
        };

        CARegistrationResponse Describe(CARegistration registration, string status) => new(
            registration.CAId,
            options.Value.ConnectorId,
            status,
            registration.Account,
            registration.Region,
            registration.Arn,
            registration.CertificateId,
            registration.IoTCoreMqttEndpoint,
            registration.CertificateMode,
            registration.PrimaryAccount,
            registration.Status,
            plannedCalls);
    }

    /// <summary>Takes a Lamassu CA out of this connector's AWS account and region</summary>
    /// <remarks>
    /// The CA is INACTIVE in AWS then, without auto-registration: no new device of it is let in. Devices that are registered stay connected; they follow
    /// their own certificates in Lamassu. Nothing is deleted, and a provisioning template stays attached. A request that was not carried out yet is
    /// withdrawn. POST brings the CA back as it was. Repeating the call is safe.
    /// With `dry_run=true` nothing is changed, and `planned_calls` lists the calls that would change something, in their order.
    /// </remarks>
    /// <param name="caId" example="metering-root">The CA's id in Lamassu.</param>
    private static async Task<Ok<CARemovalResponse>> RemoveCAFromAws(
        string caId,
        [AsParameters] DryRunQuery dryRun,
        CARemovalService service,
        DryRunner dryRunner,
        IOptions<ConnectorOptions> options,
        CancellationToken cancellationToken)
    {
        var (outcome, plannedCalls) = await dryRun.RunAsync(service, dryRunner, removal => removal.RemoveAsync(caId, cancellationToken));
        return outcome switch
        {
            RemoveCAOutcome.Removed removed => TypedResults.Ok(Describe("removed", removed.CA)),
            RemoveCAOutcome.AlreadyRemoved already => TypedResults.Ok(Describe("already_removed", already.CA)),
            RemoveCAOutcome.NotRegistered { IsWithdrawn: true } => TypedResults.Ok(Describe("withdrawn", null)),
            RemoveCAOutcome.NotRegistered => TypedResults.Ok(Describe("not_registered", null)),
            _ => throw new InvalidOperationException($"A removal ended as {outcome.GetType().Name}."),
        };

        CARemovalResponse Describe(string status, RemovedCA? ca) => new(
            caId, options.Value.ConnectorId, status, ca?.Arn, ca?.CertificateId, ca?.Status, ca?.AutoRegistrationDisabled ?? false, ca?.TemplateName, plannedCalls);
    }

    /// <summary>Shows a CA in Lamassu and in AWS, side by side, and what is wrong with it</summary>
    /// <remarks>Reads only. `findings` is empty when all is as it should be; each says what is wrong and what to do.</remarks>
    /// <param name="caId" example="metering-root">The CA's id in Lamassu.</param>
    private static async Task<Ok<CAViewResponse>> GetCAInAws(
        string caId, CAViewService service, IOptions<ConnectorOptions> options, CancellationToken cancellationToken) =>
        TypedResults.Ok(CAViewResponse.Of(await service.GetAsync(caId, cancellationToken), options.Value.ConnectorId));
}

/// <param name="ConnectorId" example="aws-iot-prod">The id of this connector.</param>
/// <param name="PrimaryAccount" example="true">true: by a verification certificate (mode DEFAULT); false: by SNI only.</param>
internal sealed record RegisterCARequest(string? ConnectorId, bool? PrimaryAccount)
{
    public sealed class Validator : AbstractValidator<RegisterCARequest>
    {
        public Validator()
        {
            RuleFor(request => request.ConnectorId).MustBeGiven();
            RuleFor(request => request.PrimaryAccount).NotNull()
                .WithMessage("is missing: true registers by verification certificate (one account per region), false by SNI only");
        }
    }
}

/// <param name="Status"><c>registered</c> or <c>already_registered</c>.</param>
/// <param name="CertificateId">Lower-case hex of the SHA-256 of the CA certificate's DER.</param>
/// <param name="CertificateMode"><c>DEFAULT</c> or <c>SNI_ONLY</c>.</param>
/// <param name="AwsStatus"><c>ACTIVE</c> or <c>INACTIVE</c>; an INACTIVE that somebody set is left.</param>
/// <param name="PlannedCalls">Only with <c>dry_run=true</c>: what would be changed. The other members are as they would be then.</param>
internal sealed record CARegistrationResponse(
    [property: JsonPropertyName("ca_id")] string CAId,
    string ConnectorId,
    string Status,
    string Account,
    string Region,
    string Arn,
    string CertificateId,
    [property: JsonPropertyName("iot_core_mqtt_endpoint")] string IoTCoreMqttEndpoint,
    string CertificateMode,
    bool PrimaryAccount,
    string AwsStatus,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<PlannedCallResponse>? PlannedCalls);

/// <param name="Status">
/// <c>removed</c>, <c>already_removed</c>; <c>withdrawn</c>: it was asked for and not there yet; <c>not_registered</c>: there was nothing to do.
/// </param>
/// <param name="Arn">null when the CA is not in AWS; so are the next two.</param>
/// <param name="CertificateId">Lower-case hex of the SHA-256 of the CA certificate's DER.</param>
/// <param name="AwsStatus">INACTIVE.</param>
/// <param name="AutoRegistrationDisabled">Whether this call switched it off.</param>
/// <param name="TemplateName">The provisioning template that stays attached; null when there is none with a name.</param>
/// <param name="PlannedCalls">Only with <c>dry_run=true</c>: what would be changed. The other members are as they would be then.</param>
internal sealed record CARemovalResponse(
    [property: JsonPropertyName("ca_id")] string CAId,
    string ConnectorId,
    string Status,
    string? Arn,
    string? CertificateId,
    string? AwsStatus,
    bool AutoRegistrationDisabled,
    string? TemplateName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<PlannedCallResponse>? PlannedCalls);
