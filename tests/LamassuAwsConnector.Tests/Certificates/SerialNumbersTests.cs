using LamassuAwsConnector.Core.Certificates;

namespace LamassuAwsConnector.Tests.Certificates;

public sealed class SerialNumbersTests
{
    [Theory]
    [InlineData("00CF42F3", "cf42f3")]
    [InlineData("02DD86", "02dd86")]
    [InlineData("00", "00")]
    [InlineData("00002A", "2a")]
    public void Serial_numbers_are_printed_as_Lamassu_does(string bytes, string printed) =>
        Assert.Equal(printed, SerialNumbers.Of(Convert.FromHexString(bytes)));
}
