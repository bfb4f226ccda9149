using LamassuAwsConnector.Core;

namespace LamassuAwsConnector.Api.Endpoints;

/// <param name="Code" example="revoked_but_active">A stable word.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Action">What to do about it.</param>
internal sealed record FindingResponse(string Code, string Message, string Action)
{
    public static FindingResponse Of(Finding finding) => new(finding.Code, finding.Message, finding.Action);
}
