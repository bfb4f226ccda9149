using FluentValidation;
using LamassuAwsConnector.Core;

namespace LamassuAwsConnector.Api.Endpoints;

/// <summary>Every request says which connector it means, as one gateway can lead to several.</summary>
internal static class ConnectorId
{
    private const int MaxLength = 128;

    public static void MustBeGiven<T>(this IRuleBuilderInitial<T, string?> rule) => rule
        .Cascade(CascadeMode.Stop)
        .NotNull().WithMessage("is missing: send the id of this connector")
        .MinimumLength(1).WithMessage("is empty: send the id of this connector")
        .MaximumLength(MaxLength).WithMessage($"is no connector's id: it has more than {MaxLength} characters");

    /// <exception cref="ConnectorException"><see cref="FailureKind.NotFound"/> when another connector is meant.</exception>
    public static void ThrowIfUnknown(string? connectorId, ConnectorOptions options)
    {
        if (connectorId != options.ConnectorId)
        {
            throw new ConnectorException(
                FailureKind.NotFound,
                "connector_not_found",
                FailureSource.Connector,
                $"There is no connector '{connectorId}' here; this one is '{options.ConnectorId}'.");
        }
    }
}
