using System.Security;
using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>An answer or a refusal as it goes over the wire.</summary>
internal sealed record AwsResponse(int Status, byte[] Body, string? ContentType, string? ErrorType)
{
    public static AwsResponse Of(AwsAnswer answer) => new(200, answer.Body, answer.ContentType, null);

    public static AwsResponse Of(AwsException exception, AwsService service, string requestId)
    {
        if (service == AwsService.Sts)
        {
            var message = SecurityElement.Escape(exception.Message);
            var xml =
                "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                + $"<Error><Type>Sender</Type><Code>{StsCode(exception.Code)}</Code><Message>{message}</Message></Error>"
                + $"<RequestId>{requestId}</RequestId></ErrorResponse>";
            return new AwsResponse(exception.Status, Encoding.UTF8.GetBytes(xml), "text/xml", null);
        }

        var body = new JsonObject { ["message"] = exception.Message }
            .With("resourceId", exception.ResourceId)
            .With("resourceArn", exception.ResourceArn)
            .With("traceId", service == AwsService.IotData ? requestId : null);
        return new AwsResponse(exception.Status, Encoding.UTF8.GetBytes(body.ToJsonString()), "application/json", exception.Code);
    }

    // STS has names of its own for what is wrong with a signature.
    private static string StsCode(string code) =>
        code switch
        {
            "InvalidSignatureException" => "SignatureDoesNotMatch",
            "UnrecognizedClientException" => "InvalidClientTokenId",
            "MissingAuthenticationTokenException" => "MissingAuthenticationToken",
            "ExpiredTokenException" => "ExpiredToken",
            "IncompleteSignatureException" => "IncompleteSignature",
            _ => code,
        };

    public async Task WriteAsync(HttpContext context, string requestId)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.Headers["x-amzn-requestid"] = requestId;
        if (ErrorType is not null)
        {
            response.Headers["x-amzn-ErrorType"] = ErrorType;
        }

        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body, context.RequestAborted);
    }
}
