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
    public static void MapCertificateAuthorities(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/v1/cas").WithTags("Certificate authorities").MapPost("/{caId}/register-aws", RegisterCAWithAws);

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
